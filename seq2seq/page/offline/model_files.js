/**
 * Fetches the files of the model and of ONNX Runtime, all at once.
 *
 * It begins when this module runs, while the modules of the page are still being loaded: `index.html` names it first.
 */

import { fetchFile, files } from "./loading.js";

export const RUNTIME = "runtime/onnxruntime.wasm";
const BASE = new URL("../", import.meta.url);
const NAMES = Object.keys(files).filter((name) => name === RUNTIME || name.startsWith("model/"));

/** Size of all files in bytes. */
export const TOTAL = NAMES.reduce((sum, name) => sum + files[name].size, 0);

let arrived = 0;
let report = () => {};

const contents = new Map(
  NAMES.map((name) => {
    const content = fetchFile(name, (bytes) => {
      arrived = Math.min(arrived + bytes, TOTAL);
      report(arrived);
    });
    content.catch(() => {}); // reported where it is awaited
    return [new URL(name, BASE).href, content];
  }),
);

/**
 * Return the content of one of the files.
 *
 * @param {URL|string} address
 * @returns {Promise<ArrayBuffer>}
 */
export function fileContent(address) {
  return contents.get(new URL(address, BASE).href);
}

/** Wait for all files, calling `onBytes` with the number of bytes that have arrived. */
export async function allFiles(onBytes) {
  report = onBytes;
  report(arrived);
  try {
    await Promise.all(contents.values());
  } finally {
    report = () => {}; // after a failure the other files still arrive
  }
}

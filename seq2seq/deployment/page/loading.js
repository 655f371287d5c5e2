/**
 * Fetches the files of the page: verified, with progress, and kept for use without a connection.
 *
 * `contents.js` lists the files with their sizes and checksums. Files that are fetched here are put into the cache that
 * the service worker serves from, so that it does not fetch the large ones again.
 */

import { say } from "./phrases.js";

const { family, version, files } = self.CONTENTS;
const CACHE = family + version;
const BASE = new URL("./", import.meta.url);
const stored = []; // promises of files that are being put into the cache

/** Return the sum of the sizes of some files in bytes. */
export function totalSize(names) {
  return names.reduce((sum, name) => sum + files[name].size, 0);
}

/** Return the names of all files whose name begins in some way. */
export function filesIn(folder) {
  return Object.keys(files).filter((name) => name.startsWith(folder));
}

/** Return the cache of this version of the page, or null where the browser has none (over plain HTTP, for example). */
async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/**
 * Fetch a file of the page.
 *
 * @param {URL|string} url
 * @param {(bytes: number) => void} onBytes Called with the number of bytes of each part that has arrived.
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchFile(url, onBytes = () => {}) {
  const address = new URL(url, BASE);
  const name = address.href.slice(BASE.href.length);
  const cache = await openCache();
  const kept = await cache?.match(address);
  if (kept) {
    const content = await kept.arrayBuffer();
    onBytes(content.byteLength);
    return content;
  }
  const integrity = files[name]?.integrity ?? "";
  let response;
  try {
    response = await fetch(address, { integrity, cache: "no-cache" });
  } catch {
    // The browser does not tell a failed connection from a wrong checksum.
    throw new Error(
      say("{file} could not be fetched, or is not the file that belongs to this page.", { file: name }),
    );
  }
  if (!response.ok) {
    throw new Error(
      say("{file} could not be fetched: the server answered {status}.", { file: name, status: response.status }),
    );
  }
  const headers = { "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream" };
  const content = await collect(response, onBytes);
  // Nobody waits for the disk; without space, the service worker tries again.
  stored.push(cache?.put(address, new Response(content, { headers })).catch(() => {}));
  return content;
}

/** Return the whole body of a response, reporting its parts. */
async function collect(response, onBytes) {
  if (!response.body) {
    const content = await response.arrayBuffer();
    onBytes(content.byteLength);
    return content;
  }
  const parts = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    onBytes(part.value.byteLength);
  }
  return new Blob(parts).arrayBuffer();
}

/**
 * Keep the whole page for use without a connection.
 *
 * @returns {Promise<boolean>} Whether the browser can, and does.
 */
export async function keepOffline() {
  if (!navigator.serviceWorker) {
    return false;
  }
  try {
    await Promise.all(stored);
    await navigator.serviceWorker.register(new URL("service_worker.js", BASE), { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}

/**
 * Fetches the files of the page: verified, with progress, and kept for use without a connection.
 *
 * `contents.js` lists the files with their sizes and checksums. Files that are fetched here are put into the cache that
 * the service worker serves from, so that it does not fetch the large ones again.
 */

import { say } from "../phrases.js";

export const { files } = self.CONTENTS;
const { family, version } = self.CONTENTS;
const CACHE = family + version;
const BASE = new URL("../", import.meta.url);
const fetched = []; // addresses and responses to be put into the cache

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
    // The browser reports a failed connection and a wrong checksum alike.
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
  fetched.push([address, content, headers]);
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
  let size = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.byteLength;
    onBytes(part.value.byteLength);
  }
  const whole = new Uint8Array(size);
  parts.reduce((place, part) => {
    whole.set(part, place);
    return place + part.byteLength;
  }, 0);
  return whole.buffer;
}

/** Put the fetched files into the cache: later, because writing them would delay the first output. */
async function storeFetched() {
  const cache = await openCache();
  for (const [address, content, headers] of fetched.splice(0)) {
    await cache?.put(address, new Response(content, { headers }));
  }
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
    await storeFetched();
    await navigator.serviceWorker.register(new URL("service_worker.js", BASE), { updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    return true;
  } catch {
    return false;
  }
}

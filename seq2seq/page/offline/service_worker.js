/**
 * Serves the page without a connection.
 *
 * All files of a version are in one cache. A new version is fetched as a whole beside the old one, and is used when no
 * window shows the old one any more.
 */

"use strict";

importScripts("contents.js");

const { family: FAMILY, version, files } = self.CONTENTS;
const CACHE = FAMILY + version;
const BASE = new URL("./", self.location.href);

self.addEventListener("install", (event) => {
  event.waitUntil(fetchAll());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method === "GET" && address.href.startsWith(BASE.href)) {
    event.respondWith(answer(event.request, address));
  }
});

/** Fetch what the cache lacks; the page has already put the large files there. */
async function fetchAll() {
  const cache = await caches.open(CACHE);
  for (const [name, { integrity }] of Object.entries(files)) {
    const address = new URL(name, BASE);
    if (await cache.match(address)) {
      continue;
    }
    const response = await fetch(address, { integrity, cache: "no-cache" });
    if (!response.ok) {
      throw new Error(`${name}: the server answered ${response.status}`);
    }
    // A copy: a browser refuses to open a page with a response that was redirected, as some servers do.
    await cache.put(address, copy(await response.arrayBuffer(), response.headers.get("Content-Type")));
  }
  // The list of files cannot contain its own checksum, and the server may have a newer one by now.
  const contents = `self.CONTENTS = ${JSON.stringify(self.CONTENTS)};\n`;
  await cache.put(new URL("contents.js", BASE), copy(contents, "text/javascript"));
}

function copy(content, type) {
  return new Response(content, { headers: { "Content-Type": type ?? "application/octet-stream" } });
}

/** Remove the caches of other versions of this page; other pages of the same server keep theirs. */
async function removeOthers() {
  const names = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function answer(request, address) {
  const name = address.href.slice(BASE.href.length).split(/[?#]/)[0] || "index.html";
  const cache = await caches.open(CACHE);
  return (await cache.match(new URL(name, BASE))) ?? fetch(request);
}

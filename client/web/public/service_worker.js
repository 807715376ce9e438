// SPDX-License-Identifier: GPL-3.0-or-later
/* global self, caches, fetch, location, URL */
// Lets the page open without a network, so that text which is kept in this browser can be reached. It keeps the page itself and the
// files of the build, which are the same for everybody; never an answer of /api, and nothing of other origins.
const kept = 'berth-page-1';
const page = '/';
const beside = ['/theme.js', '/berth.svg', '/manifest.webmanifest'];
const most_files = 300; // of /assets; the ones that came first go

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(kept);
    await cache.addAll([page, ...beside]);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  const begin = async () => {
    for (const name of await caches.keys()) if (name !== kept) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(begin());
});

function may_be_kept(response) {
  return response.status === 200 && response.type === 'basic' && !response.redirected;
}

/** What the network says, and without one what it said last. */
async function newest(request, key) {
  const cache = await caches.open(kept);
  try {
    const response = await fetch(request);
    if (may_be_kept(response)) await cache.put(key, response.clone());
    return response;
  } catch (error) {
    const known = await cache.match(key);
    if (known) return known;
    throw error;
  }
}

/** A file whose name has a hash of its content never changes. */
async function once(request) {
  const cache = await caches.open(kept);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (may_be_kept(response)) {
    await cache.put(request, response.clone());
    const files = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith('/assets/'));
    for (const old of files.slice(0, Math.max(0, files.length - most_files))) await cache.delete(old);
  }
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return;
  if (pathname.startsWith('/assets/')) event.respondWith(once(request));
  else if (beside.includes(pathname)) event.respondWith(newest(request, pathname));
  // Every page that the IDE draws is the same file.
  else if (request.mode === 'navigate' && !/\.[^/]*$/.test(pathname)) event.respondWith(newest(request, page));
});

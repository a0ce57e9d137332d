// The service worker: the files of one version of the page, whole, from this browser; and questions that waited for the
// server, sent when the browser says that it is back. Data are never in its cache: the page keeps those itself.
import { SYNC_TAG, sendQueued } from './outbox.ts';

declare const SHELL_VERSION: string;
declare const SHELL_FILES: readonly string[];

/** What is used of a worker's scope, which the types of a page do not know. */
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(
    name: 'install' | 'activate' | 'fetch' | 'sync',
    listener: (event: {
      request: Request;
      tag: string;
      waitUntil(work: Promise<unknown>): void;
      respondWith(reply: Promise<Response>): void;
    }) => void,
  ): void;
}

const worker = globalThis as unknown as Worker;
const PREFIX = 'fin-shell-';
const CACHE = PREFIX + SHELL_VERSION;
const FILES = new Set(SHELL_FILES);

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const path = pathname === '/' ? '/index.html' : pathname;
  if (event.request.method !== 'GET' || origin !== location.origin || !FILES.has(path)) return;
  event.respondWith(answer(path, event.request));
});
worker.addEventListener('sync', (event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(sendAll());
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL_FILES.map((path) => new Request(path, { cache: 'no-cache' })));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** A failure makes the browser try again later. */
async function sendAll(): Promise<void> {
  if (!(await sendQueued())) throw new Error('the server cannot be reached');
}

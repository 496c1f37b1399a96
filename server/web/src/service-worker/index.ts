/**
 * Keeps the shell of the app on the device, nothing else: answers of the server are never cached here (the app
 * keeps what it has read sealed, see api/cache.ts), and a new version takes over only when the page asks.
 */
import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const SHELL = `shell-${version}`;
const PAGE = '/index.html';
const files = [...immutable, ...assets].map((file) => `/${file.path.replace(/^\//, '')}`);
const known = new Set(files);

/** Paths that belong to the server alone. */
const never = ['/v1/', '/fhir/', '/oauth/', '/healthz', '/readyz', '/demo.json', '/service-worker.js'];

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([PAGE, ...files])));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => worker.clients.claim()));
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take_over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (never.some((path) => url.pathname.startsWith(path))) return;
  if (known.has(url.pathname)) event.respondWith(fromShell(url.pathname, event.request));
  else if (event.request.mode === 'navigate') event.respondWith(fromShell(PAGE, event.request));
});

worker.addEventListener('push', (event) => {
  event.waitUntil(show(event.data));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { link } = event.notification.data as { link?: string };
  event.waitUntil(openApp(link?.startsWith('/') && !link.startsWith('//') ? link : '/work'));
});

/** The server sends how much waits, nothing of anybody. A newer message takes the place of the one before. */
async function show(data: PushMessageData | null): Promise<void> {
  let message: { title?: string; body?: string; link?: string } = {};
  try {
    message = (data?.json() ?? {}) as typeof message;
  } catch {
    // What cannot be read is shown as that something waits.
  }
  await worker.registration.showNotification(message.title ?? 'つむぎ', {
    body: message.body ?? 'Tsumugi に確認の依頼があります',
    tag: 'work',
    icon: '/icon-192.png',
    data: { link: message.link },
  });
}

async function openApp(link: string): Promise<void> {
  const open = await worker.clients.matchAll({ type: 'window' });
  const [page] = open;
  if (!page) return void (await worker.clients.openWindow(link));
  await page.focus();
  await page.navigate(link).catch(() => undefined);
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? fetch(request);
}

async function removeOld(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
}

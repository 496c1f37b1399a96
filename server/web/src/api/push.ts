/** Telling this device: the browser's own subscription, and what the server knows of it. */
import { post, remove } from './call.ts';
import { uuidv7 } from './uuid.ts';

const KEY = 'tsumugi.push';

export type PushState = 'on' | 'off' | 'denied' | 'impossible';

/** The name under which the server knows this browser, when it was told. */
export function subscriptionId(): string | null {
  return localStorage.getItem(KEY);
}

export async function pushState(known: readonly string[]): Promise<PushState> {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis)) return 'impossible';
  if (Notification.permission === 'denied') return 'denied';
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  const id = subscriptionId();
  return subscription && id !== null && known.includes(id) ? 'on' : 'off';
}

export async function startPush(serverKey: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const registration = await navigator.serviceWorker.ready;
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: serverKey,
  });
  const { endpoint, keys } = subscription.toJSON();
  const id = uuidv7();
  await post('/v1/push-subscriptions', { id, endpoint, p256dh: keys?.p256dh, auth: keys?.auth }, { key: id });
  localStorage.setItem(KEY, id);
  return true;
}

export async function stopPush(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  const id = subscriptionId();
  localStorage.removeItem(KEY);
  if (id !== null) await remove(`/v1/push-subscriptions/${id}`).catch(() => undefined);
}

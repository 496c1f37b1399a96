/** Passkeys in the browser: the server's questions and the authenticator's answers, both as JSON. */
import { ApiError } from './errors.ts';
import type { WebAuthnJson } from './identity.types.ts';

type Json = Record<string, unknown>;

export function passkeysPossible(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'credentials' in navigator;
}

/** Whether the browser can offer passkeys in the list that opens below the field for the login. */
export async function autofillPossible(): Promise<boolean> {
  if (!passkeysPossible()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Makes a passkey on this device. */
export async function makePasskey(options: WebAuthnJson): Promise<WebAuthnJson> {
  const asked = (options['publicKey'] ?? options) as Json;
  const publicKey = {
    ...asked,
    challenge: bytesOf(asked['challenge']),
    user: { ...(asked['user'] as Json), id: bytesOf((asked['user'] as Json)['id']) },
    excludeCredentials: descriptors(asked['excludeCredentials']),
  } as unknown as PublicKeyCredentialCreationOptions;
  return jsonOf(await called(navigator.credentials.create({ publicKey })));
}

/** Shows a passkey; `quietly` waits until the person chooses one from the list of the field. */
export async function showPasskey(options: WebAuthnJson, quietly?: AbortSignal): Promise<WebAuthnJson> {
  const asked = (options['publicKey'] ?? options) as Json;
  const publicKey = {
    ...asked,
    challenge: bytesOf(asked['challenge']),
    allowCredentials: descriptors(asked['allowCredentials']),
  } as unknown as PublicKeyCredentialRequestOptions;
  const mediation = quietly ? 'conditional' : 'optional';
  return jsonOf(await called(navigator.credentials.get({ publicKey, mediation, signal: quietly })));
}

/** What the browser says when it did not come to an answer. */
async function called(asked: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const answer = await asked;
    if (answer !== null) return answer as PublicKeyCredential;
  } catch (reason) {
    const name = reason instanceof DOMException ? reason.name : '';
    if (name === 'InvalidStateError') throw new ApiError(0, 'passkey_known');
    if (name === 'AbortError') throw new ApiError(0, 'passkey_aborted');
    if (name === 'SecurityError') throw new ApiError(0, 'passkey_refused');
  }
  throw new ApiError(0, 'passkey_cancelled');
}

function jsonOf(credential: PublicKeyCredential): WebAuthnJson {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts = [
    'clientDataJSON',
    'attestationObject',
    'authenticatorData',
    'signature',
    'userHandle',
  ] as const;
  const answered: Json = {};
  for (const part of parts) if (response[part]) answered[part] = textOf(response[part]);
  if (response.getTransports) answered['transports'] = response.getTransports();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response: answered,
    extensions: {},
  };
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  const entries = Array.isArray(list) ? (list as Json[]) : [];
  return entries.map(
    (entry) => ({ ...entry, id: bytesOf(entry['id']) }) as unknown as PublicKeyCredentialDescriptor,
  );
}

/** base64url, as WebAuthn writes bytes in JSON. */
export function bytesOf(text: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(text).replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  let plain = '';
  for (const byte of new Uint8Array(bytes)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

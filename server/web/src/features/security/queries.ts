import { get, list, post, put, remove } from '#api/call.ts';
import type { Factors, OwnSession, Passkey, PasskeyQuestion, TotpSeed } from '#api/identity.types.ts';
import { makePasskey } from '#api/passkeys.ts';

export function findFactors(): Promise<Factors> {
  return get<Factors>('/v1/me/factors');
}

export function listOwnSessions(): Promise<OwnSession[]> {
  return list<OwnSession>('/v1/me/sessions');
}

export function endOwnSession(id: string): Promise<void> {
  return remove(`/v1/me/sessions/${id}`);
}

export function endOtherSessions(): Promise<{ ended: number }> {
  return post('/v1/me/sessions/end-others');
}

export function changePassword(new_password: string): Promise<void> {
  return put('/v1/me/password', { new_password });
}

/** Whether new passwords need every kind of character here; the strict answer when nobody says. */
export async function findPasswordRules(): Promise<{ min: number; composition: boolean }> {
  const settings = await get<{ password_composition: boolean }>('/v1/settings').catch(() => null);
  return { min: 15, composition: settings?.password_composition ?? true };
}

export function startTotp(): Promise<TotpSeed> {
  return post<TotpSeed>('/v1/me/totp');
}

export async function confirmTotp(challenge_id: string, code: string): Promise<void> {
  await post('/v1/me/totp/confirm', { challenge_id, code });
}

export function removeTotp(): Promise<void> {
  return remove('/v1/me/totp');
}

export function createRecoveryCodes(): Promise<{ codes: string[] }> {
  return post('/v1/me/recovery-codes');
}

export async function addPasskey(name: string): Promise<Passkey> {
  const asked = await post<PasskeyQuestion>('/v1/me/passkeys/challenge');
  const credential = await makePasskey(asked.options);
  return post<Passkey>('/v1/me/passkeys', { challenge_id: asked.challenge_id, credential, name });
}

export function deletePasskey(id: string): Promise<void> {
  return remove(`/v1/me/passkeys/${id}`);
}

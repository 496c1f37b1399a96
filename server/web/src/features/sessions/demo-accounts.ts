/** The accounts of the demonstration, where there is one; nothing elsewhere. */
export interface DemoAccount {
  login: string;
  password: string;
  label: string;
  /** Public like everything here: the code of the moment is computed from it. */
  totp_secret?: string;
}

export async function demoAccounts(): Promise<DemoAccount[]> {
  const response = await fetch('/demo.json').catch(() => null);
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return [];
  const answer = (await response.json().catch(() => null)) as { accounts?: DemoAccount[] } | null;
  return answer?.accounts ?? [];
}

/** An authenticator without hands: a phone whose owner always puts the finger on it. */
import type { CDPSession, Page } from '@playwright/test';

export interface Authenticator {
  /** Everything that it holds, with the private keys. */
  credentials: () => Promise<Record<string, unknown>[]>;
  /** The finger, and the phone, of this person and nobody else; of nobody when left out. */
  holdOnly: (credential?: Record<string, unknown>) => Promise<void>;
  /** Whether the owner puts the finger on it. */
  willing: (yes: boolean) => Promise<void>;
}

const known = new WeakMap<Page, Promise<Authenticator>>();

/** The authenticator of this page's device. */
export function authenticatorOf(page: Page): Promise<Authenticator> {
  const made = known.get(page) ?? make(page);
  known.set(page, made);
  return made;
}

async function make(page: Page): Promise<Authenticator> {
  // It would take up an offer below the field at once, without anybody choosing: here people press the button.
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  const client: CDPSession = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () => {
      const { credentials } = await client.send('WebAuthn.getCredentials', { authenticatorId });
      return credentials as unknown as Record<string, unknown>[];
    },
    holdOnly: async (credential) => {
      await client.send('WebAuthn.clearCredentials', { authenticatorId });
      if (credential) await client.send('WebAuthn.addCredential', { authenticatorId, credential: credential as never });
    },
    willing: async (yes) => {
      await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes });
    },
  };
}

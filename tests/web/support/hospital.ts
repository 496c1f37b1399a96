/** The hospital's system, as the network knows it: it sends documents. */
import { readFile } from 'node:fs/promises';
import { client } from './people.ts';

const server = process.env['TSUMUGI_WEB_BASE_URL'] ?? 'http://localhost:8080';
const summary = new URL('../../fixtures/fhir/discharge-summary-01.json', import.meta.url);

interface Bundle {
  identifier: { value: string };
}

interface Receipt {
  parameter: { name: string; valueUuid?: string }[];
}

/** Sends a discharge summary of its own number and says which post it became. */
export async function sendDischargeSummary(): Promise<string> {
  const bundle = JSON.parse(await readFile(summary, 'utf8')) as Bundle;
  bundle.identifier.value = `urn:uuid:${crypto.randomUUID()}`;
  const response = await fetch(`${server}/fhir/r4/Bundle/$receive`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await token()}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify(bundle),
  });
  const receipt = (await response.json()) as Receipt;
  const post = receipt.parameter?.find(({ name }) => name === 'post')?.valueUuid;
  if (!post) throw new Error(`the document was not posted: ${response.status} ${JSON.stringify(receipt)}`);
  return post.replace('urn:uuid:', '');
}

async function token(): Promise<string> {
  const { client_id, client_secret } = client;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  const response = await fetch(`${server}/oauth/token`, { method: 'POST', body });
  return ((await response.json()) as { access_token: string }).access_token;
}

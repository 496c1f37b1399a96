/** Links to look at files: asked for together, and again when they have run out. */
import { api, unwrap } from '#api/client.ts';

export type Rendition = 'full' | 'medium' | 'small';

interface Known {
  url: string;
  until: number;
}

type Wanted = { attachment_id: string; rendition: Rendition };
interface Asked extends Wanted {
  resolve: (url: string) => void;
  reject: (reason: unknown) => void;
}

const known = new Map<string, Known>();
let asked: Asked[] = [];

const keyOf = (wanted: Wanted): string => `${wanted.attachment_id}:${wanted.rendition}`;

/** Where a file can be looked at for the next minutes. */
export function linkTo(attachment_id: string, rendition: Rendition): Promise<string> {
  const wanted = { attachment_id, rendition };
  const there = known.get(keyOf(wanted));
  if (there && there.until > Date.now()) return Promise.resolve(there.url);
  return new Promise((resolve, reject) => {
    asked.push({ ...wanted, resolve, reject });
    if (asked.length === 1) setTimeout(() => void ask(), 20);
  });
}

async function ask(): Promise<void> {
  const all = asked;
  asked = [];
  for (let at = 0; at < all.length; at += 50) await askFor(all.slice(at, at + 50));
}

async function askFor(some: Asked[]): Promise<void> {
  try {
    const items = some.map(({ attachment_id, rendition }) => ({ attachment_id, rendition }));
    const answer = await unwrap(api.POST('/v1/attachment-links', { body: { items } }));
    for (const [at, wanted] of some.entries()) {
      const link = answer.items[at];
      if (!link) continue;
      // A little before the server lets go of it.
      known.set(keyOf(wanted), { url: link.url, until: Date.parse(link.expires_at) - 20_000 });
      wanted.resolve(link.url);
    }
  } catch (reason) {
    // One that is not there must not hide the others.
    if (some.length === 1) some[0]?.reject(reason);
    else await Promise.all(some.map((one) => askFor([one])));
  }
}

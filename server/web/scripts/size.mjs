/** The budget: what a page needs before it can be used, compressed, in script. Fails when a page exceeds it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 170 * 1024;
const root = '.svelte-kit/output/client';
const manifest = JSON.parse(readFileSync(`${root}/.vite/manifest.json`, 'utf8'));

/** @type {Record<string, { file: string, imports?: string[] }>} */
const chunks = manifest;

/**
 * A chunk and everything it imports without waiting.
 * @param {string} key
 * @param {Set<string>} found
 */
function reach(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of chunks[key]?.imports ?? []) reach(next, found);
  return found;
}

/** @param {Iterable<string>} keys */
function weigh(keys) {
  let sum = 0;
  for (const key of keys) sum += gzipSync(readFileSync(`${root}/${chunks[key]?.file}`)).length;
  return sum;
}
const keys = Object.keys(chunks);
const shell = keys.filter((key) =>
  /entry\/(start|app|payload)|client\/(start|entry)|client-optimized\/app|\/nodes\/0\.js$/.test(
    key + chunks[key]?.file,
  ),
);
const pages = keys.filter((key) => /\/nodes\/\d+\.js$/.test(key) && !/\/nodes\/[01]\.js$/.test(key));

let worst = 0;
for (const page of pages) {
  const needed = new Set(
    [...shell, page].flatMap((key) => [...reach(key)]).filter((key) => chunks[key]?.file.endsWith('.js')),
  );
  const bytes = weigh(needed);
  worst = Math.max(worst, bytes);
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} kB  ${page}`);
}
console.log(`${(worst / 1024).toFixed(1).padStart(7)} kB  heaviest page; limit ${LIMIT / 1024} kB`);
if (pages.length === 0 || worst > LIMIT) process.exit(1);

/** What this browser remembers about itself in the clear: that it is a shared device, and the network's short name. */
const DEVICE = 'tsumugi.device';
const NETWORK = 'tsumugi.network';

export const thisDevice = {
  /** The name of the shared device, or null on a device of one's own. */
  get shared(): string | null {
    return read(DEVICE);
  },
  set shared(name: string | null) {
    write(DEVICE, name);
  },
  /** The network of the last sign-in: with it a passkey alone is enough to sign in. */
  get network(): string | null {
    return read(NETWORK);
  },
  set network(slug: string | null) {
    write(NETWORK, slug);
  },
};

/** How a person recognizes this browser in a list: 「Chrome（Android）」. */
export function browserName(agent: string = navigator.userAgent): string {
  const browsers: [RegExp, string][] = [
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\/|CriOS\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ];
  const systems: [RegExp, string][] = [
    [/iPad|Macintosh.*Mobile/, 'iPad'],
    [/iPhone/, 'iPhone'],
    [/Android/, 'Android'],
    [/Windows/, 'Windows'],
    [/Macintosh/, 'Mac'],
    [/CrOS/, 'Chromebook'],
    [/Linux/, 'Linux'],
  ];
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [find(browsers) ?? 'ブラウザ', find(systems)];
  return system === undefined ? browser : `${browser}（${system}）`;
}

function read(key: string): string | null {
  return typeof localStorage === 'undefined' ? null : localStorage.getItem(key);
}

function write(key: string, value: string | null): void {
  if (value === null) localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}

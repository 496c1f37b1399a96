/** Mail of the demonstration: its text in pieces, so that addresses of this very site become links. */
export interface Piece {
  text: string;
  /** The path to go to, when the piece is an address of this site. */
  path: string | null;
}

export function piecesOf(body: string, origin: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of body.matchAll(/https?:\/\/[^\s<>"'「」（）、。]+/g)) {
    if (found.index > at) pieces.push({ text: body.slice(at, found.index), path: null });
    pieces.push({ text: found[0], path: pathOf(found[0], origin) });
    at = found.index + found[0].length;
  }
  if (at < body.length) pieces.push({ text: body.slice(at), path: null });
  return pieces;
}

/** Only what leads to this site may be followed; the rest stays text. */
function pathOf(address: string, origin: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.origin !== origin) return null;
  return url.pathname + url.search + url.hash;
}

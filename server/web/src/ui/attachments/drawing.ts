/** What somebody draws on a photo. Places are parts of its width and height, so that they fit any size. */
export type Tool = 'arrow' | 'circle' | 'line';

export interface Place {
  x: number;
  y: number;
}

export interface Stroke {
  tool: Tool;
  places: Place[];
}

/** A stroke as it goes on: an arrow and a circle know where they begin and end, a line everything between. */
export function extended(stroke: Stroke, place: Place): Stroke {
  const [first] = stroke.places;
  if (stroke.tool === 'line' || !first) return { ...stroke, places: [...stroke.places, place] };
  return { ...stroke, places: [first, place] };
}

/** Whether something can be seen of it: a mere touch is nothing. */
export function isSeen({ places }: Stroke): boolean {
  const [first] = places;
  return (
    first !== undefined && places.some((place) => Math.hypot(place.x - first.x, place.y - first.y) > 0.01)
  );
}

/** Draws strokes: red with a white edge, so that they are seen on every skin and cloth. */
export function paint(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  width: number,
  height: number,
): void {
  const thick = Math.max(3, Math.max(width, height) / 130);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const [colour, size] of [
    ['#ffffff', thick * 1.9],
    ['#d0211c', thick],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = size;
    for (const stroke of strokes) {
      context.beginPath();
      trace(context, stroke, width, height);
      context.stroke();
    }
  }
}

function trace(context: CanvasRenderingContext2D, stroke: Stroke, width: number, height: number): void {
  const places = stroke.places.map(({ x, y }) => ({ x: x * width, y: y * height }));
  const [first] = places;
  const last = places.at(-1);
  if (!first || !last) return;
  if (stroke.tool === 'circle') {
    const middle = { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
    const across = Math.abs(last.x - first.x) / 2;
    context.ellipse(middle.x, middle.y, across, Math.abs(last.y - first.y) / 2, 0, 0, Math.PI * 2);
    return;
  }
  context.moveTo(first.x, first.y);
  for (const place of places) context.lineTo(place.x, place.y);
  if (stroke.tool === 'arrow') head(context, first, last, Math.max(width, height) / 22);
}

function head(context: CanvasRenderingContext2D, from: Place, to: Place, size: number): void {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  for (const turn of [Math.PI * 0.82, -Math.PI * 0.82]) {
    context.moveTo(to.x, to.y);
    context.lineTo(to.x + size * Math.cos(angle + turn), to.y + size * Math.sin(angle + turn));
  }
}

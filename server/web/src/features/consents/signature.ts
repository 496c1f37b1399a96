/** A signature as strokes of a finger, and the picture that is kept of it with what was read out. */
export interface Point {
  x: number;
  y: number;
}

export type Stroke = Point[];

/** Draws the strokes; between points the line follows their middles, so that it looks written. */
export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  ink: string,
): void {
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 3;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    const [first, ...rest] = stroke;
    if (!first) continue;
    context.beginPath();
    if (rest.length === 0) {
      context.arc(first.x, first.y, 1.5, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    context.moveTo(first.x, first.y);
    rest.forEach((point, index) => {
      const next = rest[index + 1] ?? point;
      context.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2);
    });
    context.stroke();
  }
}

/** Breaks a text into lines that `fits` accepts. */
export function wrap(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = '';
  for (const char of text) {
    if (line !== '' && !fits(line + char)) {
      lines.push(line);
      line = '';
    }
    line += char;
  }
  return line === '' ? lines : [...lines, line];
}

export interface Statement {
  title: string;
  lines: readonly string[];
  /** Who signed and when, below the signature. */
  foot: string;
}

const WIDTH = 1000;
const MARGIN = 48;

/** The evidence: the text that was read out, above the signature, as one picture. */
export function pictureOf(
  statement: Statement,
  strokes: readonly Stroke[],
  pad: { width: number; height: number },
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const font = (size: number, weight = 400) =>
    (context.font = `${weight} ${size}px 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif`);
  font(26);
  const fits = (line: string) => context.measureText(line).width <= WIDTH - 2 * MARGIN;
  const lines = statement.lines.flatMap((line) => [...wrap(line, fits), '']);
  const textEnd = MARGIN + 70 + lines.length * 38;
  const scale = Math.min(1.6, (WIDTH - 2 * MARGIN) / pad.width);
  canvas.width = WIDTH;
  canvas.height = Math.ceil(textEnd + pad.height * scale + 100);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#111';
  font(34, 600);
  context.fillText(statement.title, MARGIN, MARGIN + 30);
  font(26);
  lines.forEach((line, index) => context.fillText(line, MARGIN, MARGIN + 90 + index * 38));
  context.strokeStyle = '#999';
  context.strokeRect(MARGIN, textEnd, pad.width * scale, pad.height * scale);
  context.fillText(statement.foot, MARGIN, canvas.height - 40);
  context.setTransform(scale, 0, 0, scale, MARGIN, textEnd);
  drawStrokes(context, strokes, '#111');
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  );
}

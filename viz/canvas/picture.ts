/**
 * A picture of the view as SVG or PNG: what run it is and where it stands, and under it every
 * drawn panel, as wide as the widest of the view itself, under its name.
 */
import { CanvasPen } from './canvas-pen.ts';
import { pagePalette } from './palette.ts';
import type { Pen } from './pen.ts';
import { SvgPen } from './svg-pen.ts';

/** A panel that can draw itself for a file, as those of `canvas/` do. */
interface Drawn {
  readonly drawnHeight: number;
  readonly drawnTitle: string;
  readonly clientWidth: number;
  readonly localName: string;
  toSvg(width: number): string;
  toCanvas(ratio: number, width: number): HTMLCanvasElement;
}

/** What the picture says of itself. */
interface PictureWords {
  /** `acks=1 loses an acknowledged record · seed 1` */
  readonly title: string;
  /** Event, time, engine. */
  readonly facts: string;
}

interface Place {
  readonly panel: Drawn;
  /** Of its name; the panel is under it. */
  readonly top: number;
}

interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly places: readonly Place[];
}

const HEAD = 52;
const NAME = 20;
const MARGIN = 12;
/** Over the whole window, beside the inspector too: the view itself is narrower. */
const WIDER = 'trial-minimap';

/** The drawn panels in sight, from top to bottom. */
export function drawnPanels(root: ParentNode): Drawn[] {
  const found: (Drawn & Element)[] = [];
  const visit = (parent: ParentNode): void => {
    for (const element of parent.querySelectorAll('*')) {
      if (isDrawn(element) && element.clientHeight > 0) found.push(element);
      else if (element.shadowRoot !== null) visit(element.shadowRoot);
    }
  };
  visit(root);
  return found.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
}

function isDrawn(element: Element): element is Drawn & Element {
  return 'toSvg' in element && 'toCanvas' in element;
}

/** All panels below each other, equally wide, each under its name. */
function pictureLayout(panels: readonly Drawn[]): PictureLayout {
  const own = panels.filter((one) => one.localName !== WIDER);
  const width = Math.max(...(own.length > 0 ? own : panels).map((one) => one.clientWidth));
  let top = HEAD;
  const places = panels.map((panel) => {
    const place = { panel, top };
    top += NAME + panel.drawnHeight;
    return place;
  });
  return { width: width + 2 * MARGIN, height: top + MARGIN, places };
}

function drawFrame(pen: Pen, { width, height, places }: PictureLayout, words: PictureWords): void {
  const room = width - 2 * MARGIN;
  pen.box(0, 0, width, height, 'bg');
  pen.text(words.title, MARGIN, 18, 'text', { size: 14, strong: true, maxWidth: room });
  pen.text(words.facts, MARGIN, 37, 'text-2', { size: 12, maxWidth: room });
  for (const { panel, top } of places) {
    pen.text(panel.drawnTitle, MARGIN, top + NAME / 2 + 1, 'text-2', { maxWidth: room });
  }
}

/** One SVG document. */
export function pictureSvg(panels: readonly Drawn[], words: PictureWords): string {
  const layout = pictureLayout(panels);
  const pen = new SvgPen(pagePalette(), 'frame');
  drawFrame(pen, layout, words);
  const inner = layout.places.map(({ panel, top }) =>
    panel.toSvg(layout.width - 2 * MARGIN).replace('<svg', `<svg x="${MARGIN}" y="${top + NAME}"`),
  );
  const end = '</svg>\n';
  const frame = pen.document(layout, words.title);
  return `${frame.slice(0, -end.length)}\n${inner.join('')}${end}`;
}

/** Two pixels for each on screen. Rejects when the browser makes no picture. */
export async function picturePng(panels: readonly Drawn[], words: PictureWords): Promise<Blob> {
  const ratio = 2;
  const layout = pictureLayout(panels);
  const canvas = document.createElement('canvas');
  canvas.width = layout.width * ratio;
  canvas.height = layout.height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser made no picture');
  const pen = new CanvasPen(context, pagePalette());
  pen.begin(layout.width, layout.height, ratio);
  drawFrame(pen, layout, words);
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const { panel, top } of layout.places) {
    const image = panel.toCanvas(ratio, layout.width - 2 * MARGIN);
    context.drawImage(image, MARGIN * ratio, (top + NAME) * ratio);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('the browser made no picture'));
      else resolve(blob);
    }, 'image/png');
  });
}

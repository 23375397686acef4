/** Draws on a 2D canvas. Lines and boxes are put on whole device pixels, so that they are sharp. */
import type { Shape } from '../model/legend.ts';
import type { Palette } from './palette.ts';
import {
  type Area,
  HATCH,
  type PathSink,
  type PathStyle,
  type Pen,
  type Stroke,
  type TextStyle,
  type Token,
  traceShape,
} from './pen.ts';

const SOLID: number[] = [];
const MOST_WIDTHS = 4_000;

export class CanvasPen implements Pen {
  private readonly context: CanvasRenderingContext2D;
  private readonly palette: Palette;
  private readonly hatches = new Map<Token, CanvasPattern | null>();
  private readonly fonts = new Map<number, { css: string; widths: Map<string, number> }>();
  /** Of the font in use: how wide texts are in it. */
  private widths = new Map<string, number>();
  private ratio = 1;
  private fillToken: Token | null = null;
  private fontKey = 0;
  private baseAlpha = 1;

  constructor(context: CanvasRenderingContext2D, palette: Palette) {
    this.context = context;
    this.palette = palette;
  }

  /** Clears the canvas for a new picture; `ratio` is device pixels per CSS pixel. */
  begin(width: number, height: number, ratio: number): void {
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.clearRect(0, 0, width, height);
    context.textBaseline = 'middle';
    this.ratio = ratio;
    this.baseAlpha = 1;
    this.forget();
  }

  /** To be called when the palette was refreshed. */
  themeChanged(): void {
    this.hatches.clear();
    this.fonts.clear();
    this.forget();
  }

  box(x: number, y: number, width: number, height: number, fill: Token, alpha = 1): void {
    const { context } = this;
    this.setFill(fill);
    context.globalAlpha = alpha * this.baseAlpha;
    const left = this.snap(x);
    const top = this.snap(y);
    const least = 1 / this.ratio;
    const right = this.snap(x + width);
    const bottom = this.snap(y + height);
    context.fillRect(left, top, Math.max(right - left, least), Math.max(bottom - top, least));
  }

  frame(area: Area, stroke: Token, style: Stroke = {}): void {
    const width = style.width ?? 1;
    const left = this.snap(area.x) + width / 2;
    const top = this.snap(area.y) + width / 2;
    const right = this.snap(area.x + area.width) - width / 2;
    const bottom = this.snap(area.y + area.height) - width / 2;
    this.setStroke(stroke, style);
    this.context.strokeRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  }

  hatch(area: Area, stroke: Token, alpha = 1): void {
    const pattern = this.pattern(stroke);
    if (pattern === null) return;
    const { context } = this;
    context.globalAlpha = alpha * this.baseAlpha;
    context.fillStyle = pattern;
    this.fillToken = null;
    context.fillRect(area.x, area.y, area.width, area.height);
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Token, style: Stroke = {}): void {
    const { context } = this;
    this.setStroke(stroke, style);
    const half = ((style.width ?? 1) % 2) / 2;
    context.beginPath();
    if (x1 === x2) {
      const x = Math.round(x1) + half;
      context.moveTo(x, y1);
      context.lineTo(x, y2);
    } else if (y1 === y2) {
      const y = Math.round(y1) + half;
      context.moveTo(x1, y);
      context.lineTo(x2, y);
    } else {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
  }

  path(draw: (path: PathSink) => void, style: PathStyle): void {
    const { context } = this;
    context.beginPath();
    draw(context);
    if (style.fill !== undefined) {
      this.setFill(style.fill);
      context.globalAlpha = (style.alpha ?? 1) * this.baseAlpha;
      context.fill();
    }
    if (style.stroke !== undefined) {
      this.setStroke(style.stroke, style);
      context.stroke();
    }
  }

  mark(shape: Shape, x: number, y: number, size: number, fill: Token, hollow = false): void {
    const { context } = this;
    context.beginPath();
    traceShape(context, shape, x, y, size);
    if (hollow) {
      this.setStroke(fill, HOLLOW);
      context.stroke();
      return;
    }
    this.setFill(fill);
    context.globalAlpha = this.baseAlpha;
    context.fill();
  }

  text(words: string, x: number, y: number, fill: Token, style: TextStyle = {}): void {
    const { context } = this;
    this.setFont(style);
    this.setFill(fill);
    context.globalAlpha = (style.alpha ?? 1) * this.baseAlpha;
    context.textAlign = ALIGN[style.anchor ?? 'start'];
    const shown = style.maxWidth === undefined ? words : this.cut(words, style.maxWidth);
    if (shown !== '') context.fillText(shown, x, y);
  }

  textWidth(words: string, style: TextStyle = {}): number {
    this.setFont(style);
    return this.measure(words);
  }

  clip(area: Area, draw: () => void): void {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.width, area.height);
    context.clip();
    draw();
    context.restore();
    this.forget();
  }

  faded(alpha: number, draw: () => void): void {
    const before = this.baseAlpha;
    this.baseAlpha = before * alpha;
    draw();
    this.baseAlpha = before;
  }

  private snap(value: number): number {
    return Math.round(value * this.ratio) / this.ratio;
  }

  private forget(): void {
    this.fillToken = null;
    this.fontKey = 0;
  }

  private setFill(token: Token): void {
    if (token === this.fillToken) return;
    this.context.fillStyle = this.palette.colour(token);
    this.fillToken = token;
  }

  private setStroke(token: Token, style: Stroke): void {
    const { context } = this;
    context.strokeStyle = this.palette.colour(token);
    context.lineWidth = style.width ?? 1;
    context.globalAlpha = (style.alpha ?? 1) * this.baseAlpha;
    context.setLineDash((style.dash as number[] | undefined) ?? SOLID);
  }

  private setFont(style: TextStyle): void {
    const { size = 11, strong = false, mono = false } = style;
    const key = size * 4 + (strong ? 2 : 0) + (mono ? 1 : 0);
    if (key === this.fontKey) return;
    let font = this.fonts.get(key);
    if (font === undefined) {
      const family = mono ? this.palette.mono : this.palette.sans;
      font = { css: `${strong ? '600 ' : ''}${size}px ${family}`, widths: new Map() };
      this.fonts.set(key, font);
    }
    this.context.font = font.css;
    this.fontKey = key;
    this.widths = font.widths;
  }

  private measure(words: string): number {
    const known = this.widths.get(words);
    if (known !== undefined) return known;
    if (this.widths.size > MOST_WIDTHS) this.widths.clear();
    const { width } = this.context.measureText(words);
    this.widths.set(words, width);
    return width;
  }

  private cut(words: string, maxWidth: number): string {
    if (this.measure(words) <= maxWidth) return words;
    let low = 0;
    let high = words.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.measure(`${words.slice(0, middle)}…`) <= maxWidth) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? '' : `${words.slice(0, low)}…`;
  }

  private pattern(token: Token): CanvasPattern | null {
    const known = this.hatches.get(token);
    if (known !== undefined) return known;
    const pattern = this.context.createPattern(hatchTile(this.palette.colour(token)), 'repeat');
    this.hatches.set(token, pattern);
    return pattern;
  }
}

const HOLLOW: Stroke = { width: 1.5 };
const ALIGN = { start: 'left', middle: 'center', end: 'right' } as const;

/** Lines at 45° that meet at the edges of the tile. */
function hatchTile(colour: string): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  tile.width = HATCH;
  tile.height = HATCH;
  const context = tile.getContext('2d');
  if (context === null) return tile;
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  for (const shift of [-HATCH, 0, HATCH]) {
    context.moveTo(shift - 1, HATCH + 1);
    context.lineTo(shift + HATCH + 1, -1);
  }
  context.stroke();
  return tile;
}

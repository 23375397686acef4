/**
 * What pictures are drawn with. A picture is a function that calls a pen; `canvas-pen.ts` puts the
 * calls on a canvas for the screen, `svg-pen.ts` writes them as SVG for export, so both are the
 * same picture. Coordinates are CSS pixels from the top left; colours are names of tokens.
 */
import type { Shape } from '../model/legend.ts';

/** The name of a colour in `style/tokens.css`, without the dashes, or a CSS colour itself. */
export type Token = string;

/** What tokens look like in a theme. */
export interface Colours {
  /** A CSS colour. */
  colour(token: Token): string;
}

export interface Stroke {
  /** Pixels; default 1. */
  readonly width?: number;
  readonly dash?: readonly number[];
  /** 0 … 1; default 1. */
  readonly alpha?: number;
}

export interface PathStyle extends Stroke {
  readonly fill?: Token;
  readonly stroke?: Token;
}

export interface TextStyle {
  /** Pixels; default 11. */
  readonly size?: number;
  /** Which end of the text stands at x; default start. */
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly strong?: boolean;
  readonly mono?: boolean;
  readonly alpha?: number;
  /** Text that is wider loses its end to an ellipsis. */
  readonly maxWidth?: number;
}

/** Where a path goes: a canvas or d3's own `path()`; d3's shapes draw into either. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  arc(x: number, y: number, radius: number, start: number, end: number, ccw?: boolean): void;
  arcTo(x1: number, y1: number, x2: number, y2: number, radius: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels from one line of a hatch to the next, along an edge. */
export const HATCH = 6;

export interface Pen {
  /** A filled rectangle: the call that pictures are mostly made of. */
  box(x: number, y: number, width: number, height: number, fill: Token, alpha?: number): void;
  /** The edge of a rectangle, drawn inside of it. */
  frame(area: Area, stroke: Token, style?: Stroke): void;
  /** A rectangle of slanted lines. */
  hatch(area: Area, stroke: Token, alpha?: number): void;
  line(x1: number, y1: number, x2: number, y2: number, stroke: Token, style?: Stroke): void;
  path(draw: (path: PathSink) => void, style: PathStyle): void;
  /** A mark of about `size` pixels around its centre; hollow: only its edge. */
  mark(shape: Shape, x: number, y: number, size: number, fill: Token, hollow?: boolean): void;
  /** `y` is the middle of the letters. */
  text(words: string, x: number, y: number, fill: Token, style?: TextStyle): void;
  textWidth(words: string, style?: TextStyle): number;
  /** What `draw` draws outside of the area is not seen. */
  clip(area: Area, draw: () => void): void;
  /** Everything that `draw` draws is seen through by this much. */
  faded(alpha: number, draw: () => void): void;
}

const SQRT_HALF = Math.SQRT1_2;

/** The outline of a mark; shared by both pens. */
export function traceShape(path: PathSink, shape: Shape, x: number, y: number, size: number): void {
  const r = size / 2;
  switch (shape) {
    case 'dot':
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, Math.PI * 2);
      path.closePath();
      return;
    case 'square':
      path.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      return;
    case 'tick':
      path.rect(x - Math.max(1, r * 0.4), y - r * 1.3, Math.max(2, r * 0.8), r * 2.6);
      return;
    case 'diamond':
      polygon(path, [x, y - r * 1.2, x + r * 1.2, y, x, y + r * 1.2, x - r * 1.2, y]);
      return;
    case 'triangle-up':
      polygon(path, [x, y - r * 1.15, x + r * 1.1, y + r * 0.85, x - r * 1.1, y + r * 0.85]);
      return;
    case 'triangle-down':
      polygon(path, [x, y + r * 1.15, x - r * 1.1, y - r * 0.85, x + r * 1.1, y - r * 0.85]);
      return;
    case 'cross': {
      const a = r * 1.1 * SQRT_HALF;
      const b = Math.max(0.8, r * 0.36);
      const [s, t] = [a + b * SQRT_HALF, a - b * SQRT_HALF];
      const c = b * 2 * SQRT_HALF;
      polygon(path, [
        ...[x - s, y - t, x - t, y - s, x, y - c, x + t, y - s, x + s, y - t, x + c, y],
        ...[x + s, y + t, x + t, y + s, x, y + c, x - t, y + s, x - s, y + t, x - c, y],
      ]);
    }
  }
}

function polygon(path: PathSink, points: readonly number[]): void {
  path.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i < points.length; i += 2) path.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  path.closePath();
}

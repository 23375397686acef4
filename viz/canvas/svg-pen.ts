/**
 * Writes what is drawn as one SVG document with its colours in it: opens anywhere, with no style
 * sheet and no font of ours. Needs no DOM; text widths are estimates.
 */

import { path as d3Path } from 'd3';
import type { Shape } from '../model/legend.ts';

import {
  type Area,
  type Colours,
  HATCH,
  type PathSink,
  type PathStyle,
  type Pen,
  type Stroke,
  type TextStyle,
  type Token,
  traceShape,
} from './pen.ts';

interface SvgColours extends Colours {
  readonly sans: string;
  readonly mono: string;
}

export class SvgPen implements Pen {
  private readonly colours: SvgColours;
  private readonly name: string;
  private readonly parts: string[] = [];
  private readonly definitions: string[] = [];
  private readonly hatches = new Map<Token, string>();
  private clips = 0;

  /** @param name before all ids, which are one room for all pictures in a document. */
  constructor(colours: SvgColours, name = 'picture') {
    this.colours = colours;
    this.name = name;
  }

  /** @param title told by screen readers and as the picture's tooltip. */
  document(size: { width: number; height: number }, title: string): string {
    const { width, height } = size;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `,
      `viewBox="0 0 ${width} ${height}" role="img">`,
      `<title>${escaped(title)}</title>`,
      this.definitions.length > 0 ? `<defs>${this.definitions.join('')}</defs>` : '',
      ...this.parts,
      '</svg>\n',
    ].join('');
  }

  box(x: number, y: number, width: number, height: number, fill: Token, alpha = 1): void {
    const size = `width="${n(Math.max(width, 1))}" height="${n(Math.max(height, 1))}"`;
    this.parts.push(`<rect x="${n(x)}" y="${n(y)}" ${size} ${this.fill(fill, alpha)}/>`);
  }

  frame(area: Area, stroke: Token, style: Stroke = {}): void {
    const inset = (style.width ?? 1) / 2;
    this.parts.push(
      `<rect x="${n(area.x + inset)}" y="${n(area.y + inset)}" `,
      `width="${n(Math.max(0, area.width - 2 * inset))}" `,
      `height="${n(Math.max(0, area.height - 2 * inset))}" `,
      `fill="none" ${this.stroke(stroke, style)}/>`,
    );
  }

  hatch(area: Area, stroke: Token, alpha = 1): void {
    let id = this.hatches.get(stroke);
    if (id === undefined) {
      id = `${this.name}-hatch-${this.hatches.size + 1}`;
      this.hatches.set(stroke, id);
      const colour = escaped(this.colours.colour(stroke));
      this.definitions.push(
        `<pattern id="${id}" width="${HATCH}" height="${HATCH}" patternUnits="userSpaceOnUse">`,
        `<path d="M-1,7L7,-1M-1,1L1,-1M5,7L7,5" stroke="${colour}" stroke-width="1.2"/></pattern>`,
      );
    }
    this.parts.push(
      `<rect x="${n(area.x)}" y="${n(area.y)}" width="${n(area.width)}" `,
      `height="${n(area.height)}" fill="url(#${id})"${opacity('opacity', alpha)}/>`,
    );
  }

  line(x1: number, y1: number, x2: number, y2: number, stroke: Token, style: Stroke = {}): void {
    this.parts.push(
      `<line x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}" `,
      `${this.stroke(stroke, style)}/>`,
    );
  }

  path(draw: (path: PathSink) => void, style: PathStyle): void {
    const path = d3Path();
    draw(path);
    const fill = style.fill === undefined ? 'fill="none"' : this.fill(style.fill, style.alpha ?? 1);
    const stroke = style.stroke === undefined ? '' : ` ${this.stroke(style.stroke, style)}`;
    this.parts.push(`<path d="${path.toString()}" ${fill}${stroke}/>`);
  }

  mark(shape: Shape, x: number, y: number, size: number, fill: Token, hollow = false): void {
    this.path(
      (path) => traceShape(path, shape, x, y, size),
      hollow ? { stroke: fill, width: 1.5 } : { fill },
    );
  }

  text(words: string, x: number, y: number, fill: Token, style: TextStyle = {}): void {
    const family = style.mono === true ? this.colours.mono : this.colours.sans;
    const shown = style.maxWidth === undefined ? words : this.cut(words, style.maxWidth, style);
    if (shown === '') return;
    this.parts.push(
      `<text x="${n(x)}" y="${n(y)}" dominant-baseline="central" `,
      `font-family="${escaped(family)}" font-size="${style.size ?? 11}" `,
      style.strong === true ? 'font-weight="600" ' : '',
      `text-anchor="${style.anchor ?? 'start'}" `,
      `${this.fill(fill, style.alpha ?? 1)}>${escaped(shown)}</text>`,
    );
  }

  textWidth(words: string, style: TextStyle = {}): number {
    return words.length * (style.size ?? 11) * (style.mono === true ? 0.602 : 0.55);
  }

  clip(area: Area, draw: () => void): void {
    this.clips += 1;
    const id = `${this.name}-clip-${this.clips}`;
    this.definitions.push(
      `<clipPath id="${id}"><rect x="${n(area.x)}" y="${n(area.y)}" `,
      `width="${n(area.width)}" height="${n(area.height)}"/></clipPath>`,
    );
    this.parts.push(`<g clip-path="url(#${id})">`);
    draw();
    this.parts.push('</g>');
  }

  faded(alpha: number, draw: () => void): void {
    this.parts.push(`<g${opacity('opacity', alpha)}>`);
    draw();
    this.parts.push('</g>');
  }

  private fill(token: Token, alpha: number): string {
    return `fill="${escaped(this.colours.colour(token))}"${opacity('fill-opacity', alpha)}`;
  }

  private stroke(token: Token, style: Stroke): string {
    const dash = style.dash === undefined ? '' : ` stroke-dasharray="${style.dash.join(' ')}"`;
    const width = style.width === undefined ? '' : ` stroke-width="${style.width}"`;
    const alpha = opacity('stroke-opacity', style.alpha ?? 1);
    return `stroke="${escaped(this.colours.colour(token))}"${width}${dash}${alpha}`;
  }

  private cut(words: string, maxWidth: number, style: TextStyle): string {
    if (this.textWidth(words, style) <= maxWidth) return words;
    const letters = Math.floor(maxWidth / this.textWidth('x', style)) - 1;
    return letters < 1 ? '' : `${words.slice(0, letters)}…`;
  }
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function opacity(name: string, alpha: number): string {
  return alpha === 1 ? '' : ` ${name}="${n(alpha)}"`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

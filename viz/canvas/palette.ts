/**
 * The tokens of `style/tokens.css` as colours that a canvas understands. They are read through a
 * probe element, so that themes, contrast settings and `light-dark()` are the browser's business.
 * The theme is the page's, and every reading makes the browser compute styles: all panels share
 * one palette.
 */
import { type RGBColor, rgb } from 'd3';

import type { Token } from './pen.ts';
import { onThemeChange } from './theme-watch.ts';

let shared: Palette | null = null;

/** The palette of the page. */
export function pagePalette(): Palette {
  shared ??= new Palette();
  return shared;
}

export class Palette {
  private readonly probe: HTMLElement;
  private readonly colours = new Map<Token, string>();
  private families: { readonly sans: string; readonly mono: string } | null = null;

  constructor() {
    this.probe = document.createElement('span');
    this.probe.hidden = true;
    document.body.append(this.probe);
    // Before any panel hears of it: whoever listens later is told later.
    onThemeChange(() => this.forget());
  }

  get sans(): string {
    return this.fonts.sans;
  }
  get mono(): string {
    return this.fonts.mono;
  }

  /** A CSS colour; a name that is no token is taken for a colour already. */
  colour(token: Token): string {
    const known = this.colours.get(token);
    if (known !== undefined) return known;
    const colour = this.read(token);
    this.colours.set(token, colour);
    return colour;
  }

  rgb(token: Token): RGBColor {
    return rgb(this.colour(token));
  }

  private get fonts(): { readonly sans: string; readonly mono: string } {
    if (this.families === null) {
      const style = getComputedStyle(this.probe);
      const sans = style.getPropertyValue('--sans').trim() || 'sans-serif';
      const mono = style.getPropertyValue('--mono').trim() || 'monospace';
      this.families = { sans, mono };
    }
    return this.families;
  }

  private forget(): void {
    this.colours.clear();
    this.families = null;
  }

  private read(token: Token): string {
    if (!/^[a-z][a-z0-9-]*$/.test(token)) return token;
    const { style } = this.probe;
    style.setProperty('color', `var(--${token}, ${token})`);
    const colour = getComputedStyle(this.probe).color;
    style.removeProperty('color');
    return colour;
  }
}

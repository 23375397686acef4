/**
 * The tokens of `style/tokens.css` as colours that a canvas understands. They are read through a
 * probe element, so that themes, contrast settings and `light-dark()` are the browser's business.
 */
import { type RGBColor, rgb } from 'd3';

import type { Token } from './pen.ts';

export class Palette {
  sans = 'sans-serif';
  mono = 'monospace';
  private readonly probe: HTMLElement;
  private readonly colours = new Map<Token, string>();

  /** @param probe an unseen element in the place whose theme counts. */
  constructor(probe: HTMLElement) {
    this.probe = probe;
    this.refresh();
  }

  /** Forgets what it read; to be called when the theme may have changed. */
  refresh(): void {
    this.colours.clear();
    const style = getComputedStyle(this.probe);
    this.sans = style.getPropertyValue('--sans').trim() || 'sans-serif';
    this.mono = style.getPropertyValue('--mono').trim() || 'monospace';
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

  private read(token: Token): string {
    if (!/^[a-z][a-z0-9-]*$/.test(token)) return token;
    const { style } = this.probe;
    style.setProperty('color', `var(--${token}, ${token})`);
    const colour = getComputedStyle(this.probe).color;
    style.removeProperty('color');
    return colour;
  }
}

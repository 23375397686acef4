/**
 * What every drawn panel has in common: canvases one above the other that are painted anew only
 * when their layer is out of date, colours that follow the theme, sharp pixels, a tooltip, and the
 * same picture as SVG or PNG. A panel says which layers it has and how one is drawn.
 */
import { css, html, LitElement, type TemplateResult } from 'lit';

import type { AppState } from '../app/state.ts';
import type { AppStore } from '../app/store.ts';
import { CanvasPen } from './canvas-pen.ts';
import { frames } from './frame-loop.ts';
import { type Palette, pagePalette } from './palette.ts';
import type { Pen, Size } from './pen.ts';
import { SvgPen } from './svg-pen.ts';
import { onThemeChange } from './theme-watch.ts';

interface Layer {
  readonly name: string;
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly pen: CanvasPen;
  dirty: boolean;
}

export const panelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    overflow: hidden;
    background: var(--panel);
    color: var(--text);
    font: var(--size-s) / var(--leading-tight) var(--sans);
    contain: strict;
  }
  .stage {
    position: relative;
    flex: 1 1 0;
    min-height: 0;
    overflow: hidden;
    touch-action: pan-x pan-y;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    display: block;
  }
  .tip {
    position: absolute;
    left: 0;
    top: 0;
    max-width: min(340px, 70%);
    padding: 5px 8px;
    background: var(--raised);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    pointer-events: none;
    white-space: pre-line;
    z-index: 3;
  }
  .tip[hidden] {
    display: none;
  }
`;

/** Pictures exported so far: their ids must differ, as they may end in one document. */
let pictures = 0;

export abstract class CanvasPanel extends LitElement {
  static override styles = [panelStyles];

  /** From the back to the front. */
  protected abstract readonly layerNames: readonly string[];
  protected size: Size = { width: 0, height: 0 };
  /** Pixels for names left of time and offsets: `--gutter`, the same on all panels. */
  protected gutter = 136;
  private store: AppStore | null = null;
  private layers: Layer[] = [];
  private colours: Palette | null = null;
  private endings: (() => void)[] = [];

  constructor() {
    super();
    // Set before the element was defined, the property hides the accessor.
    if (!Object.hasOwn(this, 'app')) return;
    const early = this.app;
    Reflect.deleteProperty(this, 'app');
    this.store = early;
  }

  get app(): AppStore | null {
    return this.store;
  }
  set app(store: AppStore | null) {
    if (store === this.store) return;
    this.store = store;
    if (this.isConnected) {
      this.detach();
      this.attach();
    }
    this.invalidate();
  }

  protected abstract draw(layer: string, pen: Pen, size: Size): void;
  /** What the picture is called when it is exported. */
  protected abstract pictureTitle(): string;
  /** The state of the page has changed: the panel invalidates what shows it. */
  protected abstract stateChanged(state: AppState, before: AppState): void;
  /** Its place has another size now; called before anything is drawn for it. */
  protected resized(_size: Size): void {}

  protected get palette(): Palette | null {
    return this.colours;
  }

  /** Has layers painted in the next frame; all of them without a name. */
  protected invalidate(name?: string): void {
    let any = false;
    for (const layer of this.layers) {
      if (name !== undefined && layer.name !== name) continue;
      layer.dirty = true;
      any = true;
    }
    if (any) frames.request(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.detach();
    frames.cancel(this);
  }

  protected override render(): TemplateResult {
    return html`${this.header()}
      <div class="stage">
        ${this.layerNames.map(
          (name) => html`<canvas data-layer=${name} aria-hidden="true"></canvas>`,
        )}
        ${this.overlay()}
        <div class="tip" hidden></div>
      </div>`;
  }

  /** What stands above the picture as elements. */
  protected header(): unknown {
    return null;
  }

  /** What lies over the canvases as elements. */
  protected overlay(): unknown {
    return null;
  }

  protected override firstUpdated(): void {
    const palette = pagePalette();
    this.colours = palette;
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      // The lowest layer covers what is behind it: cheaper to put together.
      const context = canvas.getContext('2d', { alpha: this.layers.length > 0 });
      if (context === null) continue;
      const pen = new CanvasPen(context, palette);
      this.layers.push({ name: canvas.dataset['layer'] ?? '', canvas, context, pen, dirty: true });
    }
    this.attach();
  }

  paint(): void {
    const { width, height } = this.size;
    if (width < 1 || height < 1) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    for (const [place, layer] of this.layers.entries()) {
      if (!layer.dirty) continue;
      layer.dirty = false;
      setPixels(layer.canvas, Math.round(width * ratio), Math.round(height * ratio));
      layer.pen.begin(width, height, ratio);
      if (place === 0) layer.pen.box(0, 0, width, height, 'panel');
      this.draw(layer.name, layer.pen, this.size);
    }
  }

  /** What is drawn now, for a picture: as high as on screen, `width` pixels wide. */
  get drawnHeight(): number {
    return this.size.height;
  }
  get drawnTitle(): string {
    return this.pictureTitle();
  }

  /** The whole panel as it is now, as an SVG document. */
  toSvg(width = this.size.width): string {
    pictures += 1;
    const colours = this.colours ?? { colour: (token) => token, sans: '', mono: '' };
    const pen = new SvgPen(colours, `${this.localName}-${pictures}`);
    const size = { ...this.size, width };
    this.drawAll(pen, size);
    return pen.document(size, this.pictureTitle());
  }

  /** The same on a canvas, at `ratio` pixels per CSS pixel. */
  toCanvas(ratio: number, width = this.size.width): HTMLCanvasElement {
    const size = { ...this.size, width };
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(size.height * ratio);
    const context = canvas.getContext('2d');
    if (context !== null && this.colours !== null) {
      const pen = new CanvasPen(context, this.colours);
      pen.begin(width, size.height, ratio);
      this.drawAll(pen, size);
    }
    return canvas;
  }

  /** Shows words near a place of the panel; null hides them. */
  protected tip(words: string | null, x = 0, y = 0): void {
    const tip = this.renderRoot.querySelector('.tip');
    if (!(tip instanceof HTMLElement)) return;
    tip.hidden = words === null;
    if (words === null) return;
    if (tip.textContent !== words) tip.textContent = words;
    const { width, height } = tip.getBoundingClientRect();
    const left = x + 14 + width > this.size.width ? x - 14 - width : x + 14;
    const top = Math.max(2, Math.min(y + 14, this.size.height - height - 2));
    tip.style.setProperty('transform', `translate(${Math.max(2, left)}px, ${top}px)`);
  }

  /** Where the picture is; pointers are measured from its corner. */
  protected get stage(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.stage');
  }

  private drawAll(pen: Pen, size: Size): void {
    pen.box(0, 0, size.width, size.height, 'panel');
    for (const name of this.layerNames) this.draw(name, pen, size);
  }

  private attach(): void {
    this.detach();
    const { store } = this;
    if (store !== null) {
      this.endings.push(store.subscribe((state, before) => this.stateChanged(state, before)));
    }
    this.endings.push(
      onThemeChange(() => {
        for (const layer of this.layers) layer.pen.themeChanged();
        this.invalidate();
      }),
    );
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      this.size = { width: Math.floor(width), height: Math.floor(height) };
      const gutter = Number.parseFloat(getComputedStyle(this).getPropertyValue('--gutter'));
      if (Number.isFinite(gutter)) this.gutter = gutter;
      this.resized(this.size);
      this.invalidate();
      // In this very frame: sizes are told before it is painted.
      this.paint();
    });
    observer.observe(this.stage ?? this);
    this.endings.push(() => observer.disconnect());
    this.invalidate();
  }

  private detach(): void {
    for (const end of this.endings.splice(0)) end();
  }
}

function setPixels(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** The glyphs of buttons: strokes on a grid of 16, in the colour of the text. */
import { html, svg, type TemplateResult } from 'lit';

const GLYPHS = {
  play: svg`<path class="solid" d="M4.5 2.8v10.4L13 8z" />`,
  pause: svg`<path class="solid" d="M4 3h3v10H4zM9 3h3v10H9z" />`,
  first: svg`<path class="solid" d="M12.5 3.2v9.6L6 8z" /><path d="M4 3.2v9.6" />`,
  last: svg`<path class="solid" d="M3.5 3.2v9.6L10 8z" /><path d="M12 3.2v9.6" />`,
  back: svg`<path d="M10 3.5 5.5 8l4.5 4.5" />`,
  on: svg`<path d="M6 3.5 10.5 8 6 12.5" />`,
  violation: svg`<path d="M8 2.2 14.2 13H1.8z" /><path d="M8 6.4v3M8 11.2v.1" />`,
  fault: svg`<path d="M9.2 1.8 3.6 9h4l-.8 5.2L12.4 7h-4z" />`,
  lane: svg`<path d="M2 8h12M11 5l3 3-3 3" />`,
  cross: svg`<path d="m4 4 8 8M12 4l-8 8" />`,
  check: svg`<path d="m3 8.5 3.3 3.3L13 4.6" />`,
  tilde: svg`<path d="M2.5 9.4C4 6.2 6 6.2 8 8s4 1.8 5.5-1.4" />`,
  question: svg`<path d="M5.6 6a2.4 2.4 0 1 1 3.3 2.2c-.6.3-.9.7-.9 1.4v.3M8 12.4v.1" />`,
  search: svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.3 3.3" />`,
  branch: svg`<circle cx="4.5" cy="3.5" r="1.6" /><circle cx="4.5" cy="12.5" r="1.6" />
    <circle cx="11.5" cy="5.5" r="1.6" /><path d="M4.5 5.1v5.8M11.5 7.1c0 2.6-7 1.4-7 3.8" />`,
  compare: svg`<path d="M2.5 3h4.2v10H2.5zM9.3 3h4.2v10H9.3z" />`,
  share: svg`<path d="M8 9.5V2M5 4.6 8 1.8l3 2.8M3 8v5.5h10V8" />`,
  gallery: svg`<path d="M2.5 2.5h4.4v4.4H2.5zM9.1 2.5h4.4v4.4H9.1z" />
    <path d="M2.5 9.1h4.4v4.4H2.5zM9.1 9.1h4.4v4.4H9.1z" />`,
  dark: svg`<path d="M12.8 9.6A5.5 5.5 0 0 1 6.4 3.2a5.5 5.5 0 1 0 6.4 6.4z" />`,
  light: svg`<circle cx="8" cy="8" r="2.7" /><path d="M8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6
    M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1" />`,
  file: svg`<path d="M4 1.8h5l3 3v9.4H4zM9 1.8v3h3" />`,
  link: svg`<path d="M6.5 9.5 9.5 6.5M7 4.6l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1L11 8.8
    M9 11.4l-1.4 1.4a2.9 2.9 0 0 1-4.1-4.1L5 7.2" />`,
  undo: svg`<path d="M5.5 3 2.6 6l2.9 3M3 6h6a4 4 0 0 1 0 8H6" />`,
  redo: svg`<path d="m10.5 3 2.9 3-2.9 3M13 6H7a4 4 0 0 0 0 8h3" />`,
  plus: svg`<path d="M8 3v10M3 8h10" />`,
  menu: svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />`,
  chevron: svg`<path d="m4 6 4 4 4-4" />`,
  mark: svg`<path d="M4.5 2h7v11.5L8 10.6l-3.5 2.9z" />`,
  left: svg`<path class="solid" d="M10.5 3v10L4 8z" />`,
  right: svg`<path class="solid" d="M5.5 3v10L12 8z" />`,
  copy: svg`<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />`,
};

export type Glyph = keyof typeof GLYPHS;

export function glyph(name: Glyph): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">${GLYPHS[name]}</svg>`;
}

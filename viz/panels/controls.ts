/** Buttons, fields, tabs, chips and tables as every panel has them; tokens only. */
import { css } from 'lit';

export const controls = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--text);
    font: var(--weight) var(--size-m) / var(--leading-tight) var(--sans);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    height: var(--control);
    padding: 0 var(--space-2);
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: transparent;
    color: var(--text);
    cursor: pointer;
    white-space: nowrap;
    transition: background var(--quick);
  }
  button:hover {
    background: var(--hover);
  }
  button:active,
  button[aria-pressed='true'] {
    background: var(--pressed);
  }
  button:disabled {
    color: var(--text-3);
    cursor: default;
    background: transparent;
  }
  button.framed {
    border-color: var(--line-strong);
    background: var(--panel);
  }
  button.framed:hover {
    background: var(--hover);
  }
  button.primary {
    background: var(--accent);
    color: var(--on-accent);
    font-weight: var(--weight-strong);
  }
  button.primary:hover {
    background: color-mix(in srgb, var(--accent) 88%, var(--text));
  }
  button.primary:disabled {
    background: var(--pressed);
    color: var(--text-2);
  }
  button.icon {
    width: var(--control);
    padding: 0;
  }
  button.link {
    height: auto;
    padding: 0;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 2px;
    text-decoration-color: color-mix(in srgb, var(--accent) 45%, transparent);
    background: none;
    border-radius: var(--radius-s);
  }
  button.link:hover {
    text-decoration-color: currentColor;
  }
  a {
    color: var(--accent);
    text-underline-offset: 2px;
  }
  input,
  select,
  textarea {
    height: var(--control);
    padding: 0 var(--space-2);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--panel);
  }
  input[type='checkbox'] {
    height: auto;
    margin: 0;
    accent-color: var(--accent);
  }
  input::placeholder {
    color: var(--text-3);
    opacity: 1;
  }
  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  svg.glyph {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  svg.glyph .solid {
    fill: currentColor;
    stroke: none;
  }
  code,
  kbd,
  .mono {
    font-family: var(--mono);
    font-size: 0.94em;
  }
  kbd {
    display: inline-block;
    min-width: 18px;
    padding: 1px 5px;
    border: 1px solid var(--line-strong);
    border-bottom-width: 2px;
    border-radius: var(--radius-s);
    background: var(--panel-2);
    color: var(--text-2);
    font-size: var(--size-xs);
    text-align: center;
  }
  .num {
    font-variant-numeric: tabular-nums;
  }
  .quiet {
    color: var(--text-2);
  }
  .faint {
    color: var(--text-3);
  }
  h2,
  h3 {
    margin: 0;
    font-size: var(--size-s);
    font-weight: var(--weight-strong);
    color: var(--text-2);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  [role='tablist'] {
    display: flex;
    gap: 2px;
    padding: 0 var(--space-2);
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }
  [role='tab'] {
    height: 32px;
    border-radius: 0;
    border: 0;
    border-bottom: 2px solid transparent;
    color: var(--text-2);
  }
  [role='tab']:hover {
    background: none;
    color: var(--text);
  }
  [role='tab'][aria-selected='true'] {
    border-bottom-color: var(--accent);
    color: var(--text);
    font-weight: var(--weight-strong);
  }
  [role='tab']:focus-visible {
    outline-offset: -3px;
  }
  dl.fields {
    display: grid;
    grid-template-columns: minmax(92px, max-content) 1fr;
    gap: 3px var(--space-3);
    margin: 0;
  }
  dl.fields dt {
    color: var(--text-2);
  }
  dl.fields dd {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
`;

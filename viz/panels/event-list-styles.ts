/** How the list of events is laid out: fixed rows, columns that fall away on narrow screens. */
import { css } from 'lit';

export const eventListStyles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
    min-height: 0;
    contain: content;
    background: var(--panel);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    height: 34px;
    padding: 0 var(--space-2) 0 var(--space-3);
    border-bottom: 1px solid var(--line);
    background: var(--panel-2);
  }
  .field {
    position: relative;
    flex: 1;
    min-width: 0;
  }
  .field svg {
    position: absolute;
    left: 7px;
    top: 5px;
    color: var(--text-3);
  }
  .field input {
    width: 100%;
    height: 26px;
    padding-left: 28px;
    font-family: var(--mono);
    font-size: var(--size-s);
  }
  .field input[aria-invalid='true'] {
    border-color: var(--violated);
  }
  .bar button {
    height: 26px;
  }
  .tally {
    color: var(--text-2);
    font-size: var(--size-s);
    white-space: nowrap;
  }
  .problem {
    padding: 4px var(--space-3);
    border-bottom: 1px solid var(--line);
    background: var(--violated-wash);
    color: var(--violated-ink);
    font-size: var(--size-s);
  }
  .problem pre {
    margin: 0;
    font: var(--size-s) / 1.3 var(--mono);
    white-space: pre-wrap;
  }
  .saved {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 4px var(--space-3);
    border-bottom: 1px solid var(--line);
  }
  .saved button {
    height: 22px;
    font-size: var(--size-xs);
  }
  .window {
    position: relative;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
    contain: strict;
  }
  .window:focus-visible {
    outline-offset: -2px;
  }
  .space {
    position: relative;
    height: var(--height);
  }
  .row {
    position: absolute;
    top: 0;
    left: 0;
    right: 0;
    display: grid;
    grid-template-columns: 62px 54px 92px 132px minmax(0, 1fr);
    gap: var(--space-2);
    align-items: center;
    height: var(--row);
    padding: 0 var(--space-3);
    transform: translateY(var(--top));
    contain: strict;
    font-size: var(--size-s);
    white-space: nowrap;
    cursor: default;
  }
  .row span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row:hover {
    background: var(--hover);
  }
  .row.later {
    color: var(--text-3);
  }
  .row.here {
    background: var(--accent-soft);
    color: var(--text);
    box-shadow: inset 3px 0 0 var(--accent);
  }
  .row.bead {
    color: var(--text-3);
  }
  .row.bead.here {
    color: var(--text-2);
  }
  .n {
    text-align: right;
    color: var(--text-2);
  }
  .dot {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-right: 6px;
    border-radius: 2px;
    background: var(--mark);
    vertical-align: 1px;
  }
  @media (max-width: 1000px) {
    .row {
      grid-template-columns: 64px 64px 84px 1fr;
    }
    .row .kind {
      display: none;
    }
  }
  @media (max-width: 640px) {
    /* Sentences in up to three lines; they name their nodes themselves. */
    :host {
      --row: 52px;
    }
    .row {
      grid-template-columns: 52px minmax(0, 1fr);
      line-height: 1.25;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .row .time,
    .row .node {
      display: none;
    }
  }
`;

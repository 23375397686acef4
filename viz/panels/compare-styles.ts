/** How two runs stand side by side. */
import { css } from 'lit';

export const compareStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) clamp(380px, 36vw, 560px);
    min-height: 0;
    background: var(--panel);
  }
  header {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px var(--space-3);
    padding: 6px var(--space-3);
    border-bottom: 1px solid var(--line);
    background: var(--panel-2);
    font-size: var(--size-s);
  }
  .first {
    flex: 1 1 420px;
    min-width: 0;
    line-height: var(--leading-text);
  }
  .what {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  svg.glyph {
    width: 11px;
    height: 11px;
  }
  .left-ink,
  .label.left {
    color: var(--orange-ink);
  }
  .right-ink,
  .label.right {
    color: var(--blue-ink);
  }
  .right-ink {
    margin-left: var(--space-2);
  }
  .changes {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .change {
    padding: 2px 6px;
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    background: var(--panel);
    font-family: var(--mono);
    font-size: var(--size-xs);
  }
  .change s {
    color: var(--orange-ink);
  }
  .change b {
    color: var(--blue-ink);
    font-weight: var(--weight-strong);
  }
  .with select {
    max-width: 360px;
  }
  .runs {
    display: grid;
    grid-template: 24px minmax(0, 1fr) 60px 34px 24px minmax(0, 1fr) 60px / minmax(0, 1fr);
    min-height: 0;
  }
  .label .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label .changed {
    flex: none;
    max-width: 45%;
    overflow: hidden;
    color: var(--text-2);
    font-family: var(--mono);
    font-weight: var(--weight);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .label {
    display: flex;
    align-items: center;
    gap: 6px;
    padding: 0 var(--space-3);
    border-bottom: 1px solid var(--line);
    background: var(--panel-2);
    font-size: var(--size-s);
    font-weight: var(--weight-strong);
  }
  trial-diff-strip {
    border-top: 1px solid var(--line);
    border-bottom: 1px solid var(--line);
  }
  .below {
    display: grid;
    grid-template: minmax(0, auto) minmax(180px, 1fr) / minmax(0, 1fr);
    min-height: 0;
    border-left: 1px solid var(--line);
  }
  .outcome {
    min-height: 0;
    padding: 0 var(--space-3);
    overflow: auto;
    border-bottom: 1px solid var(--line);
    scrollbar-width: thin;
  }
  .waiting {
    padding: var(--space-3);
    color: var(--text-2);
  }
  .waiting label {
    display: flex;
    gap: var(--space-3);
    align-items: center;
  }
  progress {
    width: 160px;
    accent-color: var(--accent);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--size-s);
  }
  thead th {
    position: sticky;
    top: 0;
    height: 30px;
    background: var(--panel);
    border-bottom: 1px solid var(--line-strong);
  }
  th {
    text-align: left;
    font-weight: var(--weight);
    color: var(--text-2);
  }
  th,
  td {
    padding: 3px 0;
    border-bottom: 1px solid var(--line);
  }
  td.num,
  th.num {
    padding-left: var(--space-2);
    text-align: right;
  }
  tr.differs th,
  tr.differs td {
    color: var(--text);
    font-weight: var(--weight-strong);
  }
  tr:not(.differs) td {
    color: var(--text-3);
  }
  .choice {
    grid-column: 1 / -1;
    display: grid;
    gap: var(--space-2);
    align-content: start;
    justify-items: start;
    padding: var(--space-6);
  }
  .choice h2 {
    font-size: var(--size-l);
    color: var(--text);
  }
  @media (max-width: 1000px) {
    :host {
      grid-template: auto 620px auto / minmax(0, 1fr);
    }
    .below {
      grid-template-rows: auto 320px;
    }
    .first {
      flex-basis: 100%;
    }
    .what {
      white-space: normal;
    }
    .what > span {
      display: block;
      margin: 0;
    }
  }
`;

/** How the tabs of the inspector are laid out. */
import { css } from 'lit';

export const inspectStyles = css`
  :host {
    padding: var(--space-3);
    line-height: var(--leading-text);
  }
  section + section {
    margin-top: var(--space-4);
    padding-top: var(--space-3);
    border-top: 1px solid var(--line);
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px var(--space-2);
    margin-bottom: var(--space-1);
  }
  .title strong {
    font-size: var(--size-l);
    font-weight: var(--weight-strong);
  }
  .words {
    margin: 0 0 var(--space-2);
  }
  h3 {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    margin-bottom: 6px;
  }
  ul.events {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ul.events li {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  ul.events li.here {
    margin: 0 calc(-1 * var(--space-2));
    padding: 2px var(--space-2);
    border-radius: var(--radius-s);
    background: var(--accent-soft);
  }
  .nothing {
    color: var(--text-2);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--size-s);
  }
  th {
    padding: 3px 6px 3px 0;
    border-bottom: 1px solid var(--line-strong);
    color: var(--text-2);
    font-weight: var(--weight-strong);
    text-align: left;
  }
  td {
    padding: 3px 6px 3px 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
  }
  td.num,
  th.num {
    text-align: right;
  }
`;

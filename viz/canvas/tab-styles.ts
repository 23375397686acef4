/** The line above a picture: its name, tabs to choose what it shows, a few words of state. */
import { css } from 'lit';

export const tabStyles = css`
  header {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    flex: 0 0 auto;
    height: 28px;
    padding: 0 var(--space-2) 0 12px;
    border-bottom: 1px solid var(--line);
    background: var(--panel-2);
    overflow: hidden;
  }
  @media (max-width: 640px) {
    header {
      flex-wrap: wrap;
      height: auto;
      min-height: 28px;
      padding-block: 3px;
    }
    header .state,
    header .words {
      flex-wrap: wrap;
      margin-left: 0;
      white-space: normal;
    }
  }
  h2 {
    margin: 0;
    font-size: var(--size-s);
    font-weight: var(--weight-strong);
    white-space: nowrap;
  }
  .tabs {
    display: flex;
    gap: 2px;
    overflow-x: auto;
    scrollbar-width: none;
  }
  button {
    font: inherit;
    height: 22px;
    padding: 0 8px;
    border: 1px solid transparent;
    border-radius: var(--radius-s);
    background: transparent;
    color: var(--text-2);
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover {
    background: var(--hover);
    color: var(--text);
  }
  button[aria-selected='true'],
  button[aria-pressed='true'] {
    background: var(--accent-soft);
    color: var(--text);
    border-color: var(--accent);
  }
  button:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  .words {
    color: var(--text-3);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .plain {
    border-color: var(--line-strong);
  }
  [hidden] {
    display: none;
  }
`;

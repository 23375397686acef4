/** How the form of a scenario is laid out. */
import { css } from 'lit';

export const formStyles = css`
  section {
    padding: var(--space-3);
    border-bottom: 1px solid var(--line);
  }
  h3 {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: var(--space-2);
    color: var(--text);
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(108px, 1fr));
    gap: var(--space-2);
  }
  .field {
    display: grid;
    gap: 3px;
    min-width: 0;
    color: var(--text-2);
    font-size: var(--size-s);
  }
  .field input {
    width: 100%;
    color: var(--text);
  }
  .config {
    display: grid;
    gap: 2px;
    margin-top: var(--space-2);
  }
  .setting {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 116px var(--control);
    gap: 0 var(--space-2);
    align-items: center;
    padding: 3px 0;
    font-size: var(--size-s);
  }
  .setting .mono:first-child {
    overflow-wrap: anywhere;
  }
  .setting input,
  .setting select {
    width: 100%;
    height: 26px;
  }
  .doc {
    grid-column: 1 / -1;
    color: var(--text-3);
    font-size: var(--size-xs);
    line-height: var(--leading-text);
  }
  .problem {
    grid-column: 1 / -1;
    color: var(--violated-ink);
    font-size: var(--size-xs);
    line-height: var(--leading-text);
  }
  [aria-invalid='true'] {
    border-color: var(--violated);
  }
  .add {
    display: grid;
    grid-template-columns: minmax(0, 1fr) var(--control);
    gap: var(--space-2);
  }
  .add input {
    height: 26px;
    font-size: var(--size-s);
  }
  .fault {
    padding: 6px 0 var(--space-2);
  }
  .fault + .fault {
    border-top: 1px solid var(--line);
  }
  .fault .head {
    display: flex;
    align-items: center;
    gap: var(--space-2);
  }
  .fault .head .faint {
    flex: 1;
    min-width: 0;
    font-size: var(--size-xs);
    overflow-wrap: anywhere;
  }
  .fault strong {
    font-weight: var(--weight-strong);
  }
  .fault .grid {
    grid-template-columns: 84px 1fr;
  }
`;

/**
 * `<trial-tree>`: plain data as a tree that is walked with the arrow keys. Only what is open is in
 * the document. Give it `data`; `marked` paths (joined by "/") are what changed just now.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from './controls.ts';
import { vars } from './css-vars.ts';

interface Row {
  readonly path: string;
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
  readonly isBranch: boolean;
}

const SHOWN_OF_A_LIST = 200;
const TEXT_SHOWN = 400;

class Tree extends LitElement {
  static override styles = [
    controls,
    css`
      .row {
        display: flex;
        gap: 6px;
        align-items: baseline;
        min-height: 20px;
        padding: 1px 4px 1px calc(var(--depth) * 14px + 2px);
        border-radius: var(--radius-s);
        font-size: var(--size-s);
        cursor: default;
      }
      .row:hover {
        background: var(--hover);
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .row.marked {
        background: var(--accent-soft);
      }
      .twist {
        flex: none;
        width: 10px;
        color: var(--text-3);
        font-size: 9px;
      }
      .name {
        flex: none;
        color: var(--text-2);
      }
      .value {
        min-width: 0;
        overflow-wrap: anywhere;
        font-family: var(--mono);
        font-size: 0.94em;
      }
      .value.text {
        color: var(--green-ink);
      }
      .value.number {
        color: var(--blue-ink);
      }
      .value.other {
        color: var(--purple-ink);
      }
      .value.sum {
        color: var(--text-3);
        font-family: var(--sans);
      }
    `,
  ];

  label = 'Data';
  /** Branches up to this depth are open at first. */
  openTo = 1;
  private tree: unknown = null;
  private marks: ReadonlySet<string> = new Set();
  private readonly flipped = new Set<string>();
  private current = '';

  get data(): unknown {
    return this.tree;
  }
  set data(value: unknown) {
    this.tree = value;
    this.requestUpdate();
  }

  set marked(paths: ReadonlySet<string>) {
    this.marks = paths;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const rows = this.rows();
    if (!rows.some((row) => row.path === this.current)) this.current = rows[0]?.path ?? '';
    return html`<div role="tree" aria-label=${this.label} @keydown=${this.moved}>
      ${rows.map((row) => this.row(row))}
    </div>`;
  }

  private row(row: Row): TemplateResult {
    const isOpen = row.isBranch && this.isOpen(row);
    return html`<div
      role="treeitem"
      class="row ${this.marks.has(row.path) ? 'marked' : ''}"
      aria-level=${row.depth + 1}
      aria-expanded=${row.isBranch ? isOpen : nothing}
      aria-selected=${row.path === this.current}
      tabindex=${row.path === this.current ? 0 : -1}
      data-path=${row.path}
      ${vars({ '--depth': row.depth })}
      @click=${() => this.clicked(row)}
    >
      <span class="twist" aria-hidden="true">${row.isBranch ? (isOpen ? '▼' : '▶') : ''}</span
      ><span class="name">${row.name}</span>${valueShown(row, isOpen)}
    </div>`;
  }

  private isOpen(row: Row): boolean {
    return row.depth < this.openTo !== this.flipped.has(row.path);
  }

  private flip(row: Row): void {
    if (this.flipped.has(row.path)) this.flipped.delete(row.path);
    else this.flipped.add(row.path);
    this.requestUpdate();
  }

  private clicked(row: Row): void {
    this.current = row.path;
    if (row.isBranch) this.flip(row);
    else this.requestUpdate();
  }

  private moved(event: KeyboardEvent): void {
    const rows = this.rows();
    const place = rows.findIndex((row) => row.path === this.current);
    const row = rows[place];
    if (row === undefined) return;
    const next = this.answer(event.key, rows, place, row);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.current = next;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      const element = this.renderRoot.querySelector('[tabindex="0"]');
      if (element instanceof HTMLElement) element.focus();
    });
  }

  /** The path of the row that has the focus then; null for a key that is not the tree's. */
  private answer(key: string, rows: readonly Row[], place: number, row: Row): string | null {
    const pathAt = (at: number): string =>
      rows[Math.max(0, Math.min(at, rows.length - 1))]?.path ?? '';
    switch (key) {
      case 'ArrowDown':
        return pathAt(place + 1);
      case 'ArrowUp':
        return pathAt(place - 1);
      case 'Home':
        return pathAt(0);
      case 'End':
        return pathAt(rows.length - 1);
      case 'Enter':
      case ' ':
        if (row.isBranch) this.flip(row);
        return row.path;
      case 'ArrowRight':
        if (!row.isBranch) return row.path;
        if (this.isOpen(row)) return pathAt(place + 1);
        this.flip(row);
        return row.path;
      case 'ArrowLeft':
        if (row.isBranch && this.isOpen(row)) {
          this.flip(row);
          return row.path;
        }
        return pathAt(rows.slice(0, place).findLastIndex((one) => one.depth < row.depth));
      default:
        return null;
    }
  }

  private rows(): Row[] {
    const rows: Row[] = [];
    const add = (value: unknown, path: string, depth: number): void => {
      for (const [name, child] of entriesOf(value)) {
        const row = {
          path: path === '' ? name : `${path}/${name}`,
          name,
          value: child,
          depth,
          isBranch: isBranch(child),
        };
        rows.push(row);
        if (row.isBranch && this.isOpen(row)) add(child, row.path, depth + 1);
      }
    };
    add(this.tree, '', 0);
    return rows;
  }
}

function isBranch(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [['', value]];
  const entries = Object.entries(value);
  if (entries.length <= SHOWN_OF_A_LIST) return entries;
  const rest = entries.length - SHOWN_OF_A_LIST;
  return [...entries.slice(0, SHOWN_OF_A_LIST), ['…', `${rest} more`]];
}

function valueShown({ value, isBranch: hasChildren }: Row, isOpen: boolean): TemplateResult {
  if (hasChildren) {
    return isOpen ? html`` : html`<span class="value sum">${summary(value as object)}</span>`;
  }
  if (typeof value === 'string') {
    const cut = value.length > TEXT_SHOWN ? `${value.slice(0, TEXT_SHOWN)}…` : value;
    return html`<span class="value text">${cut === '' ? '""' : cut}</span>`;
  }
  const kind = typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'other';
  const words = typeof value === 'object' && value !== null ? emptyWords(value) : String(value);
  return html`<span class="value ${kind}">${words}</span>`;
}

function emptyWords(value: object): string {
  return Array.isArray(value) ? '[]' : '{}';
}

function summary(value: object): string {
  if (!Array.isArray(value)) return Object.keys(value).slice(0, 6).join(', ');
  const areSimple = value.every((one) => typeof one !== 'object' || one === null);
  if (areSimple && value.length <= 12) return value.join(', ');
  return `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`;
}

customElements.define('trial-tree', Tree);

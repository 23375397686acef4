/**
 * `<trial-inspect-state>`: the cluster at this position as a table of nodes, as trees, and as a
 * grid of who reaches whom; on request the deep state of a node, re-created by running up to here.
 */
import { css, html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import { linesOf } from '../app/compare-runs.ts';
import { askForMenu } from '../app/context-target.ts';
import { reachability } from '../app/reachability.ts';
import type { Inspection } from '../app/services.ts';
import type { AppState } from '../app/state.ts';
import { lanesOf } from '../model/lanes.ts';
import { quorumMembers } from '../model/quorum-view.ts';
import type { ClusterState, NodeState } from '../model/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';
import { inspectStyles } from './inspect-styles.ts';
import './tree.ts';

class InspectState extends Panel {
  static override styles = [
    controls,
    inspectStyles,
    css`
      .bar {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        margin-bottom: var(--space-3);
      }
      .bar select {
        flex: 1;
        min-width: 0;
      }
      .grid td,
      .grid th {
        padding: 2px 4px;
        text-align: center;
      }
      .grid th[scope='row'] {
        text-align: left;
        white-space: nowrap;
      }
      .quorum {
        font-size: var(--size-xs);
      }
      .quorum th[scope='row'] {
        border-bottom: 1px solid var(--line);
        color: var(--text);
        font-weight: var(--weight);
      }
      .grid [role='gridcell'] {
        cursor: context-menu;
      }
      .grid [role='gridcell']:hover {
        background: var(--hover);
      }
      .cutoff {
        background: var(--vermillion-wash);
        color: var(--vermillion-ink);
        font-weight: var(--weight-strong);
      }
      .error {
        color: var(--violated-ink);
      }
    `,
  ];

  private deep: { key: string; found: Inspection | null; error: string; isBusy: boolean } = {
    key: '',
    found: null,
    error: '',
    isBusy: false,
  };

  protected override readonly paceMs = 250;

  protected override shows(state: AppState, before: AppState): boolean {
    return (
      differs(state, before, 'position', 'run', 'playing') ||
      state.selection.node !== before.selection.node
    );
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    if (slot === null) return html``;
    const cluster = slot.timeline.stateAt(state.position);
    const node = state.selection.node ?? 0;
    const name = node === 0 ? null : slot.store.nodeName(node);
    const lanes = lanesOf(slot.store, slot.timeline.facts).filter((lane) => lane.node > 0);
    return html`<div class="bar">
        <label class="unseen" for="which">Whose state</label>
        <select id="which" @change=${this.chosen}>
          <option value="0" ?selected=${name === null}>the whole cluster</option>
          ${lanes.map(
            (lane) =>
              html`<option value=${lane.node} ?selected=${lane.node === node}>
                ${lane.name}
              </option>`,
          )}
        </select>
        <span class="faint num">after event ${count(state.position)}</span>
      </div>
      ${name === null ? this.cluster(cluster) : this.node(cluster, name)}`;
  }

  private cluster(cluster: ClusterState): TemplateResult {
    const nodes = Object.values(cluster.nodes);
    const newest = Math.max(...nodes.map((one) => one.metadataOffset));
    return html`<section>
        <table>
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">state</th>
              <th
                scope="col"
                class="num"
                title="Applied up to here; how stale the node’s view is"
              >
                metadata
              </th>
            </tr>
          </thead>
          <tbody>
            ${nodes.map(
              (one) => html`<tr>
                <td>
                  <button class="link" @click=${() => this.select(one.name)}>${one.name}</button>
                </td>
                <td>${nodeWords(one, cluster)}</td>
                <td class="num">${metadataWords(one, newest)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </section>
      ${quorum(cluster)} ${this.reach(cluster)}
      <section>
        <h3>Everything the page follows</h3>
        <trial-tree .label=${'Cluster state'} .openTo=${1} .data=${cluster}></trial-tree>
      </section>`;
  }

  private node(cluster: ClusterState, name: string): TemplateResult {
    const key = `${this.app.state.run?.id} ${this.app.state.position} ${name}`;
    const { deep } = this;
    const isHere = deep.key === key;
    return html`<section>
        <trial-tree
          .label=${`State of ${name}`}
          .openTo=${2}
          .data=${viewOf(cluster, name)}
        ></trial-tree>
      </section>
      ${cluster.nodes[name]?.role === 'controller' ? quorum(cluster) : null}
      ${this.reach(cluster)}
      <section>
        <h3>
          Inside the node
          <button
            class="framed"
            ?disabled=${isHere && deep.isBusy}
            @click=${() => this.look(key, name)}
          >
            ${isHere && deep.isBusy ? 'running up to here …' : 'Run up to here and look'}
          </button>
        </h3>
        ${isHere && deep.error !== '' ? html`<p class="error">${deep.error}</p>` : null}
        ${isHere && deep.found !== null ? deepState(deep.found) : null}
      </section>`;
  }

  /** Who can reach whom; a pair of nodes is a link that can be broken, by a right click or Enter. */
  private reach(cluster: ClusterState): TemplateResult {
    const grid = reachability(cluster);
    return html`<section>
      <h3>Who reaches whom</h3>
      <table
        class="grid"
        role="grid"
        aria-label="Who reaches whom; Enter breaks the link"
        @keydown=${this.movedInGrid}
      >
        <thead>
          <tr>
            <td><span class="unseen">from, to</span></td>
            ${grid.nodes.map((one) => html`<th scope="col" title=${one}>${shortName(one)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${grid.nodes.map(
            (from, row) => html`<tr>
              <th scope="row">${from}</th>
              ${grid.nodes.map((to, column) => {
                if (from === to) return html`<td class="faint">·</td>`;
                const isCut = grid.isCut(from, to);
                return html`<td
                  role="gridcell"
                  class=${isCut ? 'cutoff' : 'faint'}
                  tabindex=${row === 0 && column === 1 ? '0' : '-1'}
                  data-link="${from} ${to}"
                  title="${from} → ${to}: ${isCut ? 'cut' : 'reaches'}; right-click to break it"
                  @contextmenu=${this.linkMenu}
                >
                  ${isCut ? '✕' : '→'}
                </td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  private linkMenu(event: MouseEvent): void {
    event.preventDefault();
    this.askForLink(event.currentTarget as HTMLElement, { x: event.clientX, y: event.clientY });
  }

  private askForLink(cell: HTMLElement, at: { readonly x: number; readonly y: number }): void {
    const [from, to] = (cell.dataset['link'] ?? '').split(' ');
    if (from === undefined || to === undefined) return;
    askForMenu(this, { target: { kind: 'link', from, to }, ...at });
  }

  /** Arrow keys move among the pairs. */
  private movedInGrid(event: KeyboardEvent): void {
    const cell = event.target as HTMLElement;
    if (cell.dataset['link'] === undefined) return;
    if (event.key === 'Enter') {
      const { left, bottom } = cell.getBoundingClientRect();
      this.askForLink(cell, { x: left, y: bottom });
    } else {
      const step = GRID_STEPS[event.key];
      if (step === undefined) return;
      neighbour(cell, step)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private look(key: string, name: string): void {
    const { app } = this;
    const { slot } = app;
    if (slot === null) return;
    this.deep = { key, found: null, error: '', isBusy: true };
    this.requestUpdate();
    const keep = (found: Inspection | null, error: string): void => {
      if (this.deep.key !== key) return;
      this.deep = { key, found, error, isBusy: false };
      this.requestUpdate();
    };
    app.services.inspect(slot, app.state.position, slot.store.nodeOf(name)).then(
      (found) => keep(found, found.node === null ? `${name} is not running here.` : ''),
      (error: unknown) => keep(null, linesOf(error).join(' ')),
    );
  }

  private chosen(event: Event): void {
    const node = Number((event.target as HTMLSelectElement).value);
    this.app.update((draft) => {
      draft.selection.node = node === 0 ? null : node;
    });
  }

  private select(name: string): void {
    const node = this.app.slot?.store.nodeOf(name) ?? -1;
    this.app.update((draft) => {
      draft.selection.node = node < 1 ? null : node;
    });
  }
}

function deepState({ node }: Inspection): TemplateResult | null {
  if (node === null) return null;
  return html`<p class="quiet">
      State at the end of the step, event ${count(node.atEvent)}.
    </p>
    <trial-tree
      .label=${`Deep state of ${node.name}`}
      .openTo=${1}
      .data=${node.state}
    ></trial-tree>`;
}

/** What each member of the quorum takes itself and the others for. */
function quorum(cluster: ClusterState): TemplateResult | null {
  const members = quorumMembers(cluster);
  if (members.length === 0) return null;
  return html`<section>
    <h3>Quorum of controllers</h3>
    <table class="quorum">
      <thead>
        <tr>
          <th scope="col">controller</th>
          <th scope="col">is</th>
          <th scope="col" class="num">epoch</th>
          <th scope="col" title="Whom it gave its vote of this epoch">voted for</th>
          <th scope="col" title="Whom it takes for the leader">leader</th>
          <th scope="col" class="num" title="Known to be committed, of its metadata log">
            committed
          </th>
        </tr>
      </thead>
      <tbody>
        ${members.map(
          (one) => html`<tr>
            <th scope="row" title=${one.node}>${shortName(one.node)}</th>
            <td>${one.standing}</td>
            <td class="num">${told(one.epoch)}</td>
            <td>${one.voted === '' ? 'nobody' : shortName(one.voted)}</td>
            <td>${one.leader === '' ? 'nobody' : shortName(one.leader)}</td>
            <td class="num">${told(one.committed)} of ${told(one.logEnd)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function told(number: number): string {
  return number < 0 ? '–' : count(number);
}

/** What is known of one node, without what is empty or untold. */
function viewOf(cluster: ClusterState, name: string): Record<string, unknown> {
  const node = cluster.nodes[name];
  const client = cluster.clients[name];
  const partitions: Record<string, unknown> = {};
  for (const partition of Object.values(cluster.partitions)) {
    const replica = node === undefined ? undefined : partition.replicas[String(node.id)];
    if (replica !== undefined) partitions[partition.name] = replica;
  }
  const faults = cluster.faults.filter((one) => one.from.includes(name) || one.to.includes(name));
  return {
    ...(node === undefined ? {} : knownOf(node)),
    ...(client === undefined ? {} : { client }),
    ...(Object.keys(partitions).length === 0 ? {} : { replicas: partitions }),
    ...(faults.length === 0 ? {} : { faults }),
  };
}

function knownOf(node: NodeState): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node).filter(([, value]) => value !== '' && value !== -1),
  );
}

function nodeWords(node: NodeState, cluster: ClusterState): string {
  const led = Object.values(cluster.partitions).filter((one) => one.leader === node.id);
  const words = [
    node.why !== '' && node.process !== 'up' ? `${node.process} (${node.why})` : node.process,
    ...(node.fenced ? [`fenced${node.fencedWhy === '' ? '' : ` (${node.fencedWhy})`}`] : []),
    ...(cluster.controller.active === node.name
      ? [`active controller, epoch ${cluster.controller.epoch}`]
      : []),
    ...(node.quorumRole === '' ? [] : [`${node.quorumRole}, quorum epoch ${node.quorumEpoch}`]),
    ...(node.role === 'broker' && led.length > 0
      ? [`leads ${led.map((one) => one.name).join(', ')}`]
      : []),
    ...(node.logDirFailed === '' ? [] : [`disk failed: ${node.logDirFailed}`]),
  ];
  return words.join(' · ');
}

function metadataWords(node: NodeState, newest: number): string {
  if (node.metadataOffset < 0) return '';
  const behind = newest - node.metadataOffset;
  return behind === 0 ? count(node.metadataOffset) : `${count(node.metadataOffset)} (−${behind})`;
}

/** By key: rows and columns to move by. */
const GRID_STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The next pair in a direction; nobody has a link to itself. */
function neighbour(
  cell: HTMLElement,
  [rows, columns]: readonly [number, number],
): HTMLElement | null {
  const table = cell.closest('table');
  const body = [...(table?.tBodies[0]?.rows ?? [])];
  let row = body.findIndex((one) => one.contains(cell)) + rows;
  let column = [...(body[row - rows]?.cells ?? [])].indexOf(cell as HTMLTableCellElement) + columns;
  let next = body[row]?.cells[column];
  if (next !== undefined && next.dataset['link'] === undefined) {
    row += rows;
    column += columns;
    next = body[row]?.cells[column];
  }
  return next?.dataset['link'] === undefined ? null : next;
}

/** `broker-2` → `b2` */
function shortName(name: string): string {
  const parts = /^(broker|controller)-(\d+)$/.exec(name);
  return parts === null ? name : `${parts[1]?.[0]}${parts[2]}`;
}

customElements.define('trial-inspect-state', InspectState);

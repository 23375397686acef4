/**
 * `<trial-lane-twin>`: the lanes as real elements, for screen readers and for the keyboard: one
 * entry for each node with what it is at this position. Unseen until it has the focus.
 */
import { css, html, nothing, type TemplateResult } from 'lit';
import { askForMenu } from '../app/context-target.ts';
import type { AppState } from '../app/state.ts';
import { type Lane, lanesOf } from '../model/lanes.ts';
import { inHandWords } from '../model/request-queues.ts';
import type { ClusterState } from '../model/state.ts';
import { controls } from './controls.ts';
import { differs, Panel } from './element.ts';

class LaneTwin extends Panel {
  static override styles = [
    controls,
    css`
      :host {
        position: absolute;
        z-index: 5;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      :host(:focus-within) {
        width: min(460px, 80vw);
        height: auto;
        max-height: 60vh;
        overflow: auto;
        clip-path: none;
        margin: var(--space-2);
        padding: var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-l);
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      h2 {
        padding: 2px var(--space-2) 6px;
      }
      [role='option'] {
        padding: 3px var(--space-2);
        border-radius: var(--radius-s);
        font-size: var(--size-s);
      }
      [role='option'][aria-selected='true'] {
        background: var(--accent-soft);
      }
      [role='listbox']:focus-visible {
        outline-offset: 2px;
      }
    `,
  ];

  protected override shows(state: AppState, before: AppState): boolean {
    if (state.playing && before.playing) return false;
    return differs(state, before, 'run', 'position', 'selection', 'pinned', 'playing');
  }

  protected override render(): TemplateResult {
    const { slot, state } = this.app;
    if (slot === null) return html``;
    const cluster = slot.timeline.stateAt(state.position);
    const lanes = lanesOf(slot.store, slot.timeline.facts, state.pinned);
    const chosen = state.selection.node;
    return html`<h2 id="name">Lanes at event ${state.position}; Enter breaks the node</h2>
      <div
        role="listbox"
        tabindex="0"
        aria-labelledby="name"
        aria-activedescendant=${chosen === null ? nothing : `n${chosen}`}
        @keydown=${this.moved}
      >
        ${lanes.map(
          (lane) => html`<div
            role="option"
            id=${`n${lane.node}`}
            aria-selected=${lane.node === chosen}
            @click=${() => this.select(lane.node)}
          >
            <b>${lane.name}</b> ${laneWords(lane, cluster)}${this.held(lane)}
          </div>`,
        )}
      </div>`;
  }

  /** `, 3 requests in hand`, of a broker that runs. */
  private held(lane: Lane): string {
    const { slot, state } = this.app;
    if (slot === null || lane.role !== 'broker') return '';
    const inHand = slot.timeline.index.requests.at(lane.node, state.position);
    return inHand === null || inHand.requests === 0 ? '' : `, ${inHandWords(inHand)}`;
  }

  private moved(event: KeyboardEvent): void {
    const { slot, state } = this.app;
    if (slot === null) return;
    const lanes = lanesOf(slot.store, slot.timeline.facts, state.pinned);
    const place = lanes.findIndex((lane) => lane.node === state.selection.node);
    if (event.key === 'ArrowDown') this.select(lanes[Math.min(place + 1, lanes.length - 1)]?.node);
    else if (event.key === 'ArrowUp') this.select(lanes[Math.max(place - 1, 0)]?.node);
    else if (event.key === 'Home') this.select(lanes[0]?.node);
    else if (event.key === 'End') this.select(lanes.at(-1)?.node);
    else if (event.key === 'Enter') this.breakNode(lanes[place]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private select(node: number | undefined): void {
    if (node === undefined) return;
    this.app.update((draft) => {
      draft.selection.node = node;
    });
  }

  private breakNode(lane: Lane | undefined): void {
    if (lane === undefined || lane.node === 0) return;
    const { left, top } = this.getBoundingClientRect();
    askForMenu(this, { target: { kind: 'node', node: lane.name }, x: left + 40, y: top + 40 });
  }
}

/** `up, leads orders-0`, `down (power cut)`, `3 in flight, 412 ok` */
function laneWords(lane: Lane, cluster: ClusterState): string {
  const node = cluster.nodes[lane.name];
  if (node === undefined) return 'the laboratory';
  const led = Object.values(cluster.partitions).filter((one) => one.leader === node.id);
  const client = cluster.clients[lane.name];
  const words = [
    node.process === 'up' ? 'up' : `${node.process}${node.why === '' ? '' : ` (${node.why})`}`,
    ...(node.fenced ? ['fenced'] : []),
    ...(cluster.controller.active === lane.name ? ['active controller'] : []),
    ...(lane.role === 'broker' ? led.map((one) => `leads ${one.name}`) : []),
    ...(client === undefined
      ? []
      : [
          `${client.inFlight} in flight, ${client.ok} ${lane.acks === '0' ? 'sent' : 'ok'}`,
          `${client.failed} failed, ${client.unknown} perhaps`,
        ]),
  ];
  return words.join(', ');
}

customElements.define('trial-lane-twin', LaneTwin);

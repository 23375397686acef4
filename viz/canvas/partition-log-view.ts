/**
 * `<trial-partition-log>`: the logs of one partition at the position on screen. The wheel zooms
 * into offsets and dragging moves along them; until then the view follows the end of the logs.
 */

import { type D3ZoomEvent, select, type ZoomBehavior, zoom, zoomIdentity } from 'd3';
import { css, html, type TemplateResult } from 'lit';

import { askForMenu } from '../app/context-target.ts';
import type { AppState } from '../app/state.ts';
import { originOf, originWords } from '../model/batch-origin.ts';
import { offsetsOf } from '../model/offsets.ts';
import type { LogBatch } from '../model/replica-logs.ts';
import type { Ghost, ReplicaState } from '../model/state.ts';
import { CanvasPanel, panelStyles } from './canvas-panel.ts';
import { type EpochColours, epochColours } from './epoch-colour.ts';
import {
  followWindow,
  inSyncWords,
  leaderWords,
  type OffsetWindow,
  type PartitionPicture,
  partitionNames,
  partitionPicture,
  type ReplicaRow,
} from './partition-log-model.ts';
import {
  drawPartitionLog,
  type LogLook,
  leastHeight,
  logLayout,
  membership,
} from './partition-log-picture.ts';
import { mergedGhosts, offsetWords } from './partition-log-words.ts';
import type { Pen, Size } from './pen.ts';
import { tabStyles } from './tab-styles.ts';

const RECORD_PX = 26;

class PartitionLogView extends CanvasPanel {
  static override styles = [
    panelStyles,
    tabStyles,
    css`
      :host {
        overflow-y: auto;
      }
      header {
        position: sticky;
        top: 0;
        z-index: 1;
        background: var(--panel);
      }
      .stage {
        flex-shrink: 0;
      }
      .state {
        display: flex;
        gap: var(--space-3);
        margin-left: auto;
        padding-right: var(--space-2);
        color: var(--text-2);
        white-space: nowrap;
      }
      .short {
        color: var(--violated-ink);
        font-weight: var(--weight-strong);
      }
    `,
  ];

  protected override readonly layerNames = ['logs'];
  private picture: PartitionPicture | null = null;
  private names: readonly string[] = [];
  /** null: follow the ends of the logs. */
  private held: OffsetWindow | null = null;
  private behaviour: ZoomBehavior<HTMLElement, unknown> | null = null;
  private zoomBase: OffsetWindow | null = null;

  protected override stateChanged(state: AppState, before: AppState): void {
    if (state.run?.id !== before.run?.id) this.held = null;
    if (state.selection.partition !== before.selection.partition) this.held = null;
    const moved =
      state.position !== before.position ||
      state.run !== before.run ||
      state.selection !== before.selection ||
      state.showLost !== before.showLost;
    if (moved) this.invalidate();
  }

  protected override header(): TemplateResult {
    const { picture, names } = this;
    const shown = picture?.partition.name ?? '';
    return html`<header>
      <h2>Partition log</h2>
      <div class="tabs" role="tablist" aria-label="Partition">
        ${names.map(
          (name) =>
            html`<button
              role="tab"
              type="button"
              aria-selected=${name === shown ? 'true' : 'false'}
              @click=${() => this.choose(name)}
              @contextmenu=${(event: MouseEvent) => this.menu(event, name)}
            >
              ${name}
            </button>`,
        )}
      </div>
      <div class="state">${picture === null ? 'no partition yet' : this.summary(picture)}</div>
      <button
        type="button"
        class="plain"
        ?hidden=${this.held === null}
        @click=${() => this.follow()}
      >
        follow the end
      </button>
    </header>`;
  }

  protected override draw(_layer: string, pen: Pen, size: Size): void {
    this.look();
    const { picture } = this;
    if (picture === null) {
      pen.text('No partition exists at this position.', size.width / 2, size.height / 2, 'text-3', {
        anchor: 'middle',
        size: 12,
      });
      return;
    }
    // More replicas than there is room for: the panel scrolls.
    this.stage?.style.setProperty('min-height', `${leastHeight(picture)}px`);
    const look = this.lookAt(picture, size);
    if (look !== null) drawPartitionLog(pen, size, picture, look);
  }

  protected override pictureTitle(): string {
    const at = this.app?.state.position ?? 0;
    return `Logs of ${this.picture?.partition.name ?? 'no partition'} after event ${at}`;
  }

  protected override firstUpdated(): void {
    super.firstUpdated();
    const { stage } = this;
    if (stage === null) return;
    const behaviour = zoom<HTMLElement, unknown>()
      .scaleExtent([1e-6, 1e6])
      .filter((event: MouseEvent | TouchEvent) =>
        'touches' in event ? event.touches.length > 1 : event.button === 0 && !event.ctrlKey,
      )
      .on('start', (event: D3ZoomEvent<HTMLElement, unknown>) => this.zoomStarts(event))
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => this.zooms(event));
    this.behaviour = behaviour;
    select<HTMLElement, unknown>(stage)
      .call(behaviour)
      .on('dblclick.zoom', () => this.follow());
    stage.addEventListener('contextmenu', (event) => {
      const name = this.picture?.partition.name;
      if (name !== undefined) this.menu(event, name);
    });
    stage.addEventListener('click', (event) => this.clicked(event));
    stage.addEventListener('pointermove', (event) => this.hover(event));
    stage.addEventListener('pointerleave', () => this.tip(null));
  }

  /** Reads the state at the position, and has the header told when its words change. */
  private look(): void {
    const { app } = this;
    const slot = app?.slot ?? null;
    if (app === null || slot === null) {
      this.picture = null;
      return;
    }
    const { state } = app;
    const cluster = slot.timeline.stateAt(state.position);
    const names = partitionNames(cluster);
    const chosen = state.selection.partition;
    const name = chosen !== null && names.includes(chosen) ? chosen : (names[0] ?? '');
    const before = this.picture;
    this.picture = partitionPicture(cluster, name, (replica) =>
      this.ghosts(replica, { partition: name, position: state.position, all: state.showLost }),
    );
    const told = (one: PartitionPicture | null) =>
      one === null ? '' : `${one.partition.name} ${this.words(one)}`;
    if (told(before) !== told(this.picture) || names.join() !== this.names.join()) {
      this.names = names;
      this.requestUpdate();
    }
  }

  /** What was lost lately; with "show lost" everything that ever was. */
  private ghosts(
    replica: ReplicaState,
    at: { readonly partition: string; readonly position: number; readonly all: boolean },
  ): readonly Ghost[] {
    if (!at.all) return replica.ghosts.filter((one) => this.isRecent(one, at.position));
    const logs = this.app?.slot?.timeline.index.logs;
    return mergedGhosts(logs?.of(at.partition, replica.broker).ghostsAt(at.position) ?? []);
  }

  private isRecent(ghost: Ghost, position: number): boolean {
    const store = this.app?.slot?.store;
    if (store === undefined || position < ghost.event || ghost.event < 1) return false;
    const sinceUs = store.timeUs(position) - store.timeUs(ghost.event);
    const selected = this.app?.state.selection.event === ghost.event;
    return selected || sinceUs <= GHOST_STAYS_US;
  }

  private lookAt(picture: PartitionPicture, size: Size): LogLook | null {
    const { palette } = this;
    if (palette === null) return null;
    const gutter = this.gutter;
    const epochs: EpochColours = epochColours(palette);
    const probe: LogLook = {
      window: { from: 0, to: 1 },
      epochs,
      gutter,
      batchEnds: (broker, window) => this.batchEnds(picture.partition.name, broker, window),
      spoken: this.spoken(picture.partition.name),
    };
    const { left, right } = logLayout(size, picture, probe);
    const window = this.held ?? followWindow(picture, Math.floor((right - left) / RECORD_PX));
    return { ...probe, window };
  }

  private batchEnds(partition: string, broker: number, window: OffsetWindow): number[] {
    const { app } = this;
    const slot = app?.slot ?? null;
    if (app === null || slot === null || window.to - window.from > MOST_IN_BATCHES) return [];
    const log = slot.timeline.index.logs.of(partition, broker);
    return log.batchesAt(app.state.position, window).map((one) => one.endOffset);
  }

  /** The offsets of this partition that the selected event speaks of. */
  private spoken(partition: string): LogLook['spoken'] {
    const event = this.app?.state.selection.event ?? 0;
    const store = this.app?.slot?.store;
    if (store === undefined || event < 1 || event > store.count) return null;
    const kind = store.kinds[store.kindId(event)];
    const field = kind?.fieldNames.indexOf('partition') ?? -1;
    if (kind === undefined || field < 0) return null;
    const { fields } = store.at(event);
    const span = offsetsOf.get(kind.name)?.(fields);
    if (fields[field] !== partition || span === undefined || span.from < 0) return null;
    return { from: span.from, end: Math.max(span.from, span.to) + 1 };
  }

  private words(picture: PartitionPicture): string {
    return `${leaderWords(picture) ?? 'nobody leads'} · ${inSyncWords(picture)}`;
  }

  private summary(picture: PartitionPicture): TemplateResult {
    const { partition, isQuorum } = picture;
    const short = !isQuorum && partition.isr.length < partition.minInSync;
    const words = leaderWords(picture);
    const leader =
      words === null ? html`<span class="short">nobody leads</span>` : html`<span>${words}</span>`;
    return html`${leader}<span class=${short ? 'short' : ''}
        >${short ? '⚠ ' : ''}${inSyncWords(picture)}</span
      >`;
  }

  private choose(name: string): void {
    this.app?.update((draft) => {
      draft.selection.partition = name;
    });
  }

  private menu(event: MouseEvent, partition: string): void {
    event.preventDefault();
    askForMenu(this, {
      target: { kind: 'partition', partition },
      x: event.clientX,
      y: event.clientY,
    });
  }

  private follow(): void {
    this.held = null;
    this.zoomBase = null;
    const { stage, behaviour } = this;
    if (stage !== null && behaviour !== null) {
      select<HTMLElement, unknown>(stage).call(behaviour.transform, zoomIdentity);
    }
    this.held = null;
    this.invalidate();
    this.requestUpdate();
  }

  private zoomStarts(event: D3ZoomEvent<HTMLElement, unknown>): void {
    if (!event.sourceEvent || this.held !== null || this.picture === null) return;
    const look = this.lookAt(this.picture, this.size);
    this.zoomBase = look?.window ?? null;
  }

  private zooms(event: D3ZoomEvent<HTMLElement, unknown>): void {
    const { zoomBase, picture } = this;
    if (!event.sourceEvent || zoomBase === null || picture === null) return;
    const look = this.lookAt(picture, this.size);
    if (look === null) return;
    const { scale } = logLayout(this.size, picture, { ...look, window: zoomBase });
    const [from = 0, to = 1] = event.transform.rescaleX(scale).domain();
    const wasHeld = this.held !== null;
    this.held = { from: Math.max(-4, from), to: Math.max(from + 4, to) };
    this.invalidate();
    if (!wasHeld) this.requestUpdate();
  }

  private hover(event: PointerEvent): void {
    const { picture, stage } = this;
    if (picture === null || stage === null) return;
    const look = this.lookAt(picture, this.size);
    if (look === null) return;
    const corner = stage.getBoundingClientRect();
    const x = event.clientX - corner.left;
    const y = event.clientY - corner.top;
    const layout = logLayout(this.size, picture, look);
    const row = picture.rows[Math.floor((y - layout.rowsTop) / layout.rowHeight)];
    if (row !== undefined && y >= layout.rowsTop && x < layout.left) {
      this.tip(`${row.node}: ${membership(row).words}`, x, y);
      return;
    }
    if (row?.replica == null || y < layout.rowsTop || x < layout.left || x > layout.right) {
      this.tip(null);
      return;
    }
    const offset = Math.floor(layout.scale.invert(x));
    const batch = this.batchOf(row, offset);
    const origin = (leaderEpoch: number) => this.origin(offset, leaderEpoch);
    this.tip(offsetWords(row.replica, { offset, row, batch, origin }), x, y);
  }

  private origin(offset: number, leaderEpoch: number): string | null {
    const slot = this.app?.slot ?? null;
    const partition = this.picture?.partition.name;
    if (slot === null || partition === undefined) return null;
    const runs = { store: slot.store, logs: slot.timeline.index.logs };
    return originWords(originOf(runs, partition, { offset, leaderEpoch }));
  }

  /** The batch that holds an offset on a replica now. */
  private batchOf(row: ReplicaRow, offset: number): LogBatch | null {
    const { app, picture } = this;
    const logs = app?.slot?.timeline.index.logs;
    if (app === null || logs === undefined || picture === null) return null;
    return logs.of(picture.partition.name, row.broker).writtenBy(offset, app.state.position);
  }

  /** Goes to the event that took what is a ghost, or wrote what is there. */
  private clicked(event: MouseEvent): void {
    const { picture, stage, app } = this;
    const look = picture === null ? null : this.lookAt(picture, this.size);
    if (picture === null || stage === null || look === null || app === null) return;
    const corner = stage.getBoundingClientRect();
    const layout = logLayout(this.size, picture, look);
    const y = event.clientY - corner.top - layout.rowsTop;
    const row = picture.rows[Math.floor(y / layout.rowHeight)];
    const x = event.clientX - corner.left;
    if (row === undefined || y < 0 || x < layout.left || x > layout.right) return;
    const offset = Math.floor(layout.scale.invert(x));
    const inGhosts = y % layout.rowHeight > layout.boxTop + layout.boxHeight + 1;
    const ghost = row.ghosts.find((one) => offset >= one.baseOffset && offset < one.endOffset);
    const written = this.batchOf(row, offset)?.bornEvent ?? 0;
    const found = ghost !== undefined && (inGhosts || written === 0) ? ghost.event : written;
    if (found > 0) app.goTo(found);
  }
}

/** How long records that were lost are shown without being asked for. */
const GHOST_STAYS_US = 2_000_000;
/** Batches are looked up one by one in a window of no more records than this. */
const MOST_IN_BATCHES = 4_000;

customElements.define('trial-partition-log', PartitionLogView);

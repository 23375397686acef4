/**
 * A second store that shows the left run of a comparison: its viewport and position follow the
 * page's, moved to the run's own clock and to the partner events, and lead it when they are moved.
 */
import { comparisonOf, partnerBefore } from './comparisons.ts';
import { NOTHING_SELECTED, type TimeRange } from './state.ts';
import { AppStore, factsOf } from './store.ts';

export class ShadowStore {
  readonly store = new AppStore();
  private readonly app: AppStore;
  private readonly leftId: number;
  private isFollowing = false;
  private readonly endings: (() => void)[] = [];

  constructor(app: AppStore, leftId: number) {
    this.app = app;
    this.leftId = leftId;
    this.store.provide(app.services);
    const slot = app.slots.get(leftId);
    if (slot !== undefined) this.store.show(slot);
    this.endings.push(
      app.subscribe(() => this.follow()),
      this.store.subscribe((state, before) => {
        if (this.isFollowing) return;
        if (state.viewport !== before.viewport) this.leadViewport(state.viewport);
        if (state.position !== before.position) this.leadPosition(state.position);
      }),
    );
    this.follow();
  }

  end(): void {
    for (const end of this.endings.splice(0)) end();
  }

  /** What to add to a time of the left run to get the same scenario time of the right one. */
  private get shiftUs(): number {
    const left = this.app.slots.get(this.leftId)?.store.identity?.originUs ?? 0;
    const right = this.app.slot?.store.identity?.originUs ?? 0;
    return right - left;
  }

  private follow(): void {
    const { app, store } = this;
    const left = app.slots.get(this.leftId);
    const right = app.slot;
    if (left === undefined || right === null) return;
    const { viewport, position, selection, fold, theme } = app.state;
    const alignment = comparisonOf(app, left, right)?.alignment ?? null;
    const at =
      alignment === null
        ? Math.min(position, left.store.count)
        : partnerBefore(alignment.toLeft, position);
    const shiftUs = this.shiftUs;
    this.isFollowing = true;
    store.update((draft) => {
      draft.run = factsOf(left);
      draft.position = at;
      draft.viewport = { fromUs: viewport.fromUs - shiftUs, toUs: viewport.toUs - shiftUs };
      draft.selection = { ...NOTHING_SELECTED, partition: selection.partition, event: at || null };
      draft.fold = fold;
      draft.theme = theme;
    });
    this.isFollowing = false;
  }

  private leadViewport({ fromUs, toUs }: TimeRange): void {
    const shiftUs = this.shiftUs;
    this.app.update((draft) => {
      draft.viewport = { fromUs: fromUs + shiftUs, toUs: toUs + shiftUs };
    });
  }

  private leadPosition(position: number): void {
    const left = this.app.slots.get(this.leftId);
    const right = this.app.slot;
    if (left === undefined || right === null) return;
    const alignment = comparisonOf(this.app, left, right)?.alignment ?? null;
    const to = alignment === null ? position : partnerBefore(alignment.toRight, position);
    this.app.goTo(to);
  }
}

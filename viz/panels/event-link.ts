/** An event number that leads there. */
import { html, type TemplateResult } from 'lit';
import { count } from '../../sim/run/words.ts';
import type { AppStore } from '../app/store.ts';
import { shortTime } from '../app/words.ts';
import { wordsOf } from '../model/legend.ts';

export function eventLink(app: AppStore, event: number, words?: string): TemplateResult {
  const store = app.slot?.store;
  const isThere = store !== undefined && event >= 1 && event <= store.count;
  const title = isThere ? wordsOf(store.at(event), store.nodeNames) : 'not in this trace';
  return html`<button
    class="link num"
    title=${title}
    data-event=${event}
    ?disabled=${!isThere}
    @click=${() => {
      app.update((draft) => {
        draft.playing = false;
      });
      app.goTo(event);
    }}
  >
    ${words ?? `ev ${count(event)}`}
  </button>`;
}

/** `12.804 s  broker-1 truncated orders-0 to 41` beside its link. */
export function eventLine(app: AppStore, event: number): TemplateResult {
  const slot = app.slot;
  if (slot === null || event < 1 || event > slot.store.count) return html`${eventLink(app, event)}`;
  const { store } = slot;
  const originUs = app.state.run?.originUs ?? 0;
  return html`${eventLink(app, event)}
    <span class="faint num">${shortTime(store.timeUs(event), originUs)}</span>
    <span>${wordsOf(store.at(event), store.nodeNames)}</span>`;
}

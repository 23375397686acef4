/**
 * What tests and tools read off the page: the run on screen as attributes of `<html>`. Position is
 * an event number; hashes and verdict are there once the run is complete.
 */
import type { RunReport } from '../../sim/run/report.ts';
import type { AppStore } from '../app/store.ts';

const WORST_FIRST = ['violated', 'unknown', 'allowed', 'holds'];

export function mirror(app: AppStore, html: HTMLElement): void {
  const show = () => {
    const { state, slot } = app;
    const { dataset } = html;
    const on = state.screen === 'run' && state.run !== null;
    set(dataset, 'screen', state.screen);
    set(dataset, 'position', on ? String(state.position) : null);
    set(dataset, 'events', on ? String(state.run?.count ?? 0) : null);
    set(dataset, 'digest', on ? state.run?.digest || null : null);
    set(dataset, 'traceHash', on ? state.run?.traceHash || null : null);
    set(dataset, 'verdict', on ? worstVerdict(slot?.store.identity?.report ?? null) : null);
  };
  app.subscribe(show);
  show();
}

export function worstVerdict(report: RunReport | null): string | null {
  if (report === null) return null;
  const verdicts = report.verdicts.map((one) => one.verdict as string);
  return WORST_FIRST.find((one) => verdicts.includes(one)) ?? null;
}

function set(dataset: DOMStringMap, name: string, value: string | null): void {
  if (value === null) delete dataset[name];
  else if (dataset[name] !== value) dataset[name] = value;
}

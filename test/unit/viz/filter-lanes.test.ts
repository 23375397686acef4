import { expect, test, vi } from 'vitest';
import { FilterLanes } from '../../../viz/canvas/filter-lanes.ts';
import { filterOf } from '../../../viz/model/filter.ts';
import { storyRun } from '../../support/viz-runs.ts';

const { store } = storyRun('acks-1-loses-an-acknowledged-record');

test('a filter kept as a lane is looked for in slices, and in the end is whole', async () => {
  const texts = ['text:leader', 'kind:frame.sent', 'kind:nonsense'];
  const whole = texts.map((text) => filterOf(text, store).filter?.all().count ?? 0);
  let elapsedMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (elapsedMs += 3));
  let draws = 0;
  const lanes = new FilterLanes(() => {
    draws += 1;
  });

  const lists = lanes.lists(texts, store);
  const before = lists.map((list) => list.count);
  await vi.waitFor(() => expect(lists.map((list) => list.count)).toEqual(whole), 20_000);

  clock.mockRestore();
  expect(before).toEqual([0, 0, 0]);
  expect(draws).toBeGreaterThan(1);
});

test('what is no lane any more is looked for no longer', () => {
  vi.useFakeTimers();
  let draws = 0;
  const lanes = new FilterLanes(() => {
    draws += 1;
  });

  lanes.lists(['text:leader'], store);
  lanes.end();
  vi.runAllTimers();

  vi.useRealTimers();
  expect(draws).toBe(0);
});

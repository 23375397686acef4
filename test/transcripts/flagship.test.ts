/**
 * The flagship pair as text: the story that `trial run` prints, and the protocol's events around
 * the faults. A changed transcript is a changed behaviour: look at it before rewriting it.
 */
import pico from 'picocolors';
import { expect, test } from 'vitest';
import { eventWordsFrom } from '../../cli/report/event-words.ts';
import { storyLines } from '../../cli/report/story.ts';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { difference, expectGolden } from '../support/golden.ts';
import { ProtocolEvents } from './protocol-events.ts';

const SEED = 1;

function transcript(name: string): string {
  const { scenario } = parseScenario(scenarios.find((one) => one.name === name));
  let events: ProtocolEvents | null = null;
  const { report, world } = runScenario(scenario!, {
    seed: SEED,
    store: 'rows',
    prepare: (prepared) => {
      events = new ProtocolEvents(prepared, 'orders-0');
    },
  });
  const protocol = events as unknown as ProtocolEvents;
  protocol.end();
  const story = storyLines(report, {
    width: 100,
    colors: pico.createColors(false),
    verbose: false,
    replay: `trial run ${name} --seed ${SEED}`,
    eventWords: eventWordsFrom(world.trace.rows!, report.story.warmUpMs),
  });
  return `${story.join('\n')}\n\nProtocol\n${protocol.lines.join('\n')}\n`;
}

test.each(['acks-1-loses-an-acknowledged-record', 'acks-all-survives-leader-crash'])(
  '%s is told as ever',
  (name) => {
    expectGolden(new URL(`./${name}.txt`, import.meta.url), transcript(name));
  },
);

test('a transcript that differs is shown from its first other line on', () => {
  const shown = difference('a\nb\nc\n', 'a\nx\nc\n').split('\n');

  expect(shown).toContain('- b');
  expect(shown).toContain('+ x');
  expect(shown).not.toContain('- a');
});

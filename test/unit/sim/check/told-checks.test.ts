/**
 * The checks of the real world, on runs of the laboratory, beside those that see everything: who
 * sees less must not accuse where the others do not, nor excuse what they accuse.
 */
import { describe, expect, test } from 'vitest';
import { allScenarios } from '../../../../scenarios/all.ts';
import { Checks, type Judgement } from '../../../../sim/check/checks.ts';
import { TOLD_CHECKS, ToldChecks } from '../../../../sim/check/told-checks.ts';
import { nodeSpecs } from '../../../../sim/cluster/node-specs.ts';
import { LabFaults } from '../../../../sim/faults/lab-faults.ts';
import { finish, unpaced } from '../../../../sim/run/pace.ts';
import { courseOn } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { World } from '../../../../sim/world.ts';

function judgements(name: string): { seen: Judgement; told: Judgement } {
  const { scenario } = parseScenario(allScenarios.find((one) => one.name === name));
  const world = new World({ seed: 1, store: 'none' });
  for (const spec of nodeSpecs(scenario!)) world.addNode(spec);
  let both: { seen: Judgement; told: Judgement } | null = null;
  const stage: Parameters<typeof courseOn<World>>[0] = {
    world,
    judge: (view, history, settings) => {
      const seeing = new Checks(world, { history, settings });
      const disks = {
        paths: (node: string) => world.node(node).disk.files(),
        contents: (node: string, path: string) => world.node(node).disk.contents(path),
      };
      const told = new ToldChecks(world, { view, history, settings, disks });
      return {
        witness: seeing.witness,
        judge: (end) => {
          both = { seen: seeing.judge(end), told: told.judge(end) };
          return both.seen;
        },
      };
    },
    faults: () => new LabFaults(world),
  };
  const options = { seed: 1 };
  finish(courseOn(stage, { scenario: scenario!, options, pace: unpaced() }).course);
  return both!;
}

const verdicts = ({ verdicts: all }: Judgement) =>
  all
    .filter((one) => TOLD_CHECKS.includes(one.name))
    .map(({ name, verdict, allowedBy }) => ({ name, verdict, allowedBy }));

describe('what is told is enough for the verdict', () => {
  test.each([
    'lost-ack-duplicates',
    'restart-behind-lost-answers-duplicates',
    'five-in-flight-reorders',
    'all-replicas-down-unclean-election-is-sooner',
    'partition-ap-loses',
    'partition-cp-refuses',
    'commit-before-processing-loses',
    'coordinator-fails-over-with-all-commits',
    'committed-offset-that-retention-has-passed-is-reset',
    'consumers-never-read-above-the-high-watermark',
    'by-sequences-a-repeat-is-told-a-wrong-offset',
    'from-high-watermark-a-late-follower-joins-too-early',
    'last-batch-alone-is-recognised',
  ])('of %s', (name) => {
    const { seen, told } = judgements(name);

    expect(verdicts(told)).toEqual(verdicts(seen));
    expect(told.acknowledgedLost).toBe(seen.acknowledgedLost);
    expect(told.duplicated).toBe(seen.duplicated);
    expect(told.reordered).toBe(seen.reordered);
  });
});

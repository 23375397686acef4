/** A small report to print and judge, without running anything. */
import type { RunReport, Story } from '../../../sim/run/report.ts';

export function fakeReport(
  parts: Partial<Omit<RunReport, 'story'>> & { story?: Partial<Story> } = {},
): RunReport {
  const { story, ...rest } = parts;
  return {
    schema: 1,
    scenario: 'small',
    seed: 7,
    digest: '0'.repeat(32),
    traceHash: '1'.repeat(32),
    simulatedMs: 40000,
    wallMs: 400,
    events: 2902,
    frames: 1200,
    variants: [],
    counts: {
      sent: 1000,
      acknowledged: 900,
      acknowledgedLost: 0,
      duplicated: 0,
      reordered: 0,
      consumed: 900,
    },
    verdicts: [],
    expectations: [],
    met: true,
    problems: [],
    broken: [],
    ...rest,
    story: {
      claim: '',
      story: '',
      timeline: [],
      timelineDropped: 0,
      clients: [],
      groups: [],
      admin: [],
      cap: [],
      beyondPromise: [],
      warmUpMs: 3000,
      stoppedAtMs: null,
      healedAtMs: 30000,
      convergedAtMs: 31000,
      ...story,
    },
  };
}

import type { RunReport } from '../../sim/run/report.ts';

/** Every reason why a run did not come out as its scenario says, in lines to read. */
export function whatWentWrong(report: RunReport): string[] {
  return [
    ...report.problems,
    ...report.broken.map((one) => `${one.node} broke at ${one.event}: ${one.message}`),
    ...report.expectations
      .filter((one) => !one.met)
      .map((one) => {
        const [expected, actual] = [one.expected, one.actual].map((value) => JSON.stringify(value));
        return `${one.name}: expected ${expected}, came out ${actual}`;
      }),
    ...report.verdicts
      .filter((one) => one.verdict === 'violated')
      .map((one) => `${one.name} is violated at ${one.at}: ${one.explanation}`),
  ];
}

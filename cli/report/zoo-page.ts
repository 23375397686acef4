/**
 * The zoo as it was recorded: `docs/reference/zoo.json` holds the rows, each with the commit that
 * it was measured at, and `zoo.md` is made from it. An entry that was measured again replaces its
 * row; one that is new stands in the page without figures.
 */
import { existsSync, readFileSync } from 'node:fs';
import { count } from '../../sim/run/words.ts';
import { z } from '../../sim/scenario/zod.ts';
import { zooEntries } from '../../sim/search/zoo/entries.ts';
import { type ZooResult, type ZooRow, zooRowSchema } from '../../sim/search/zoo/state.ts';
import { inputError } from '../errors.ts';
import { counted } from './words.ts';

const recorded = z.strictObject({
  commit: z.string(),
  /** A search was given up after so many. */
  seeds: z.int(),
  row: zooRowSchema,
});
const zooRecordSchema = z.strictObject({
  schema: z.literal(1),
  entries: z.array(recorded),
});
type ZooRecord = z.output<typeof zooRecordSchema>;

export const ZOO_RECORD = 'docs/reference/zoo.json';

/** @throws an error with exit code 65 when it cannot be understood. */
export function recordedZoo(): ZooRecord {
  if (!existsSync(ZOO_RECORD)) return { schema: 1, entries: [] };
  const parsed = zooRecordSchema.safeParse(JSON.parse(readFileSync(ZOO_RECORD, 'utf8')));
  if (parsed.success) return parsed.data;
  throw inputError(`${ZOO_RECORD}: ${parsed.error.issues[0]?.message}; remove it to begin anew`);
}

/** In the order of the tables; entries that no longer exist are dropped. */
export function withResult(before: ZooRecord, result: ZooResult, commit: string): ZooRecord {
  const now = result.entries
    .filter((one) => one.outcome !== 'undecided')
    .map((one) => ({ commit, seeds: result.seeds, row: withoutFiles(one) }));
  const all = [...now, ...before.entries];
  const entries = zooEntries.flatMap(({ name }) => all.find((one) => one.row.name === name) ?? []);
  return { schema: 1, entries };
}

/** Where a failure lay on somebody's disk is no news. */
function withoutFiles(row: ZooRow): ZooRow {
  return row.shrunk === null ? row : { ...row, shrunk: { ...row.shrunk, file: '' } };
}

export function zooPage(record: ZooRecord): string {
  const of = (kind: 'variant' | 'preset') =>
    zooEntries
      .filter((one) => one.kind === kind)
      .map(({ name, by }) =>
        line(
          name,
          by,
          record.entries.find((one) => one.row.name === name),
        ),
      );
  return [
    '# The zoo',
    '',
    'Written by `trial zoo --record` from `docs/reference/zoo.json`; do not edit it here.',
    '',
    'Whether the swarm, which knows no schedule, finds each historic rule and each preset of weak',
    'settings. *Seeds*: how many were run until the first in which a check said so, the median of',
    'the starts, then each start. They, the simulated time and the shrunk run are the same on every',
    'machine (unless shrinking was not minimal: it stops after a minute); CPU seconds are those of',
    'the machine that recorded them. *Without*: the same seeds under today’s rule, and how many of',
    'them went wrong. *Drawn with*: options of `trial fuzz` that its seeds were narrowed by.',
    '',
    '## Historic rules',
    '',
    ...HEAD,
    ...of('variant'),
    '',
    '## Weak settings',
    '',
    'Found here means: lost what the setting permits, and the check said that it is this setting',
    'that permits it. No seed lost anything else.',
    '',
    ...HEAD,
    ...of('preset'),
    '',
    ...WITHOUT_COUNTERPART,
    '',
  ].join('\n');
}

/** Historic faults that cannot come about in a cluster of this kind, and why. */
const WITHOUT_COUNTERPART = [
  '## Without a counterpart',
  '',
  '- *A StopReplica that comes late stops a replica that was made anew* (KAFKA-9539): under KRaft',
  '  nobody is sent StopReplica or LeaderAndIsr. A broker stops a replica where it reads so in the',
  '  metadata log, in order, and knows a topic that was made anew by its id.',
  '- *What a controller asked of a broker before its restart is done after it* (KAFKA-7235,',
  '  KIP-380): for the same reason. What is left of it is that decisions are acted upon which do',
  '  not count (`metadata-publication=written`), and that a leader asks for a replica by an',
  '  incarnation that has died (`isr-incarnation=any`).',
  '- *Loading groups never ends* (KAFKA-9065): it needs a log that ends in a gap, which compaction',
  '  or transactions leave.',
  '- *Offsets of an old format expire at once when they are loaded* (KAFKA-8069): the mistake lay',
  '  between two formats of one release; offsets are written in the ones of today.',
  '- *Producer epochs overflow with transactions* (KAFKA-18660, KAFKA-19367): it needs them.',
];

const HEADS = [
  'entry',
  'changed by',
  'found',
  'seeds',
  'simulated',
  'CPU s',
  'check',
  'shrunk to',
  'without',
  'drawn with',
  'at commit',
];
const HEAD = [`| ${HEADS.join(' | ')} |`, `|${HEADS.map(() => '---').join('|')}|`];

function line(
  name: string,
  by: readonly string[],
  recorded: ZooRecord['entries'][number] | undefined,
): string {
  const cells = recorded === undefined ? ['not measured yet'] : figures(recorded);
  while (cells.length < HEADS.length - 2) cells.push('');
  return `| ${[`\`${name}\``, by.join(', '), ...cells].join(' | ')} |`;
}

function figures({ row, commit, seeds }: ZooRecord['entries'][number]): string[] {
  const { searches, median, checks, shrunk, clean, drawnWith } = row;
  const each = searches
    .map((one) => (one.found === null ? `>${count(seeds)}` : count(one.tried)))
    .join(', ');
  const found = searches.filter((one) => one.found !== null).length;
  const small =
    shrunk === null
      ? '—'
      : `${count(shrunk.events)} events, ${counted(shrunk.faults, 'fault')}${shrunk.minimal ? '' : ', not minimal'}`;
  return [
    `${found} of ${searches.length}`,
    median === null ? `— (${each})` : `**${count(median.seeds)}** (${each})`,
    median === null ? '—' : `${count(median.simulatedSeconds)} s`,
    median === null ? '—' : median.cpuSeconds.toFixed(1),
    [...new Set(checks)].map((one) => `\`${one}\``).join(', ') || '—',
    small,
    `${count(clean.seeds)} seeds, ${clean.wrong.length} wrong`,
    drawnWith === '' ? '' : `\`${drawnWith}\``,
    commit,
  ];
}

/**
 * What `trial zoo` looks for: every historic rule of the table and every preset of weak settings,
 * each with what its seeds are drawn from. Nothing here is a schedule: an entry may narrow the
 * swarm by what anybody can pass to `trial fuzz`, and the same seeds are run without the switch.
 */
import { type Variant, variants } from '../../../kafka/protocol/variants.ts';
import { type Preset, presets } from '../../scenario/presets.ts';
import type { SwarmOptions } from '../../swarm/swarm.ts';
import type { Finding } from '../finding.ts';
import type { SeedOutcome } from '../seed-run.ts';
import { drawnWith } from './drawn-with.ts';

export interface ZooEntry {
  /** `truncation=to-high-watermark`, `acks-1`. */
  readonly name: string;
  readonly kind: 'variant' | 'preset';
  /** KIPs and issues that changed the rule; of a preset none. */
  readonly by: readonly string[];
  /** What its seeds are drawn from, the switch on. */
  readonly swarm: SwarmOptions;
  /** The same seeds under today's rules and their own settings. */
  readonly without: SwarmOptions;
  /** What was looked for, in a run with the switch on; null: it is not in this one. */
  readonly detection: (outcome: Pick<SeedOutcome, 'findings' | 'verdicts'>) => Finding | null;
}

export const zooEntries: readonly ZooEntry[] = [
  ...presets.map(presetEntry),
  ...(variants as readonly Variant[]).flatMap(variantEntries),
];

function variantEntries({ name, options }: Variant): ZooEntry[] {
  return options.flatMap((option) => {
    if (option.history === null) return [];
    const entry = `${name}=${option.name}`;
    const without = drawnWith[entry] ?? {};
    return {
      name: entry,
      kind: 'variant' as const,
      by: option.history.by,
      swarm: { ...without, variants: { [name]: option.name } },
      without,
      detection: firstSaidByACheck,
    };
  });
}

/** A node that breaks, or a run that cannot be judged, is no detection. */
function firstSaidByACheck({ findings }: Pick<SeedOutcome, 'findings'>): Finding | null {
  return (
    findings.find(
      ({ kind, check }) =>
        check !== '' && (kind === 'violated' || kind === 'unmet' || kind === 'unexplained'),
    ) ?? null
  );
}

/** What is lost must be permitted, and by what the preset says. */
function presetEntry({ name, finds }: Preset): ZooEntry {
  const without = drawnWith[name] ?? {};
  const said = `${finds.check} allowed by ${finds.allowedBy}`;
  return {
    name,
    kind: 'preset',
    by: [],
    swarm: { ...without, preset: name },
    without,
    detection: ({ findings, verdicts }) => {
      const verdict = verdicts.find((one) => one.startsWith(said));
      if (verdict === undefined || findings.length > 0) return null;
      const explanation = `came out as ${verdict.slice(finds.check.length + 1)}`;
      return { kind: 'unmet', check: finds.check, at: null, explanation };
    },
  };
}

/**
 * `--variant name=option` and `--kafka release`: historic rules instead of today's. A release
 * stands for all the rules it lived with; single variants are put on top.
 */
import { didYouMean } from '../../kafka/config/nearest.ts';
import { PROFILES, rulesOfRelease, variantProblem } from '../../kafka/protocol/choice.ts';
import { usageError } from '../errors.ts';
import type { LoadedScenario } from './load-scenario.ts';

export type ChosenVariants = Readonly<Record<string, string>>;

/** How they were given: complaints say it. */
interface Given {
  readonly variant: string;
  readonly release: string;
}

const AS_OPTIONS: Given = { variant: '--variant ', release: '--kafka ' };
/** `--list truncation=by-epoch`, `--list kafka=0.8` */
export const AS_LISTS: Given = { variant: '--list ', release: '--list kafka=' };

/** @throws a usage error (64) that names what there is. */
export function chosenVariants(
  texts: readonly string[],
  release: string | undefined,
  given: Given = AS_OPTIONS,
): ChosenVariants {
  const choice: Record<string, string> = { ...releaseRules(release, given) };
  const named = new Set<string>();
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw usageError(`${given.variant}${text}: expected name=option`);
    const name = text.slice(0, equals).trim();
    const option = text.slice(equals + 1).trim();
    const wrong = variantProblem(name, option);
    if (wrong !== null) {
      const help = didYouMean(wrong.nearest) || `there are ${wrong.allowed}`;
      throw usageError(`${given.variant}${text}: ${wrong.message}; ${help}`);
    }
    if (named.has(name)) {
      throw usageError(`${given.variant}${text}: ${name} is given already; it has one option`);
    }
    named.add(name);
    choice[name] = option;
  }
  return choice;
}

function releaseRules(release: string | undefined, given: Given): ChosenVariants {
  if (release === undefined) return {};
  if ((PROFILES as readonly string[]).includes(release)) return rulesOfRelease(release);
  const known = PROFILES.join(', ');
  throw usageError(
    `${given.release}${release}: no rules are known for this release; there are ${known}`,
  );
}

/** For an option that may be given several times. */
export function addTo(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function applyVariants(loaded: LoadedScenario, choice: ChosenVariants): LoadedScenario {
  if (Object.keys(choice).length === 0) return loaded;
  const { scenario } = loaded;
  const variants = { ...scenario.cluster.variants, ...choice };
  return { ...loaded, scenario: { ...scenario, cluster: { ...scenario.cluster, variants } } };
}

/**
 * `--variant name=option` and `--kafka release`: historic rules instead of today's. A release
 * stands for all the rules it lived with; single variants are put on top.
 */
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { PROFILES, rulesOfRelease, variantProblem } from '../../kafka/protocol/choice.ts';
import { usageError } from '../errors.ts';
import type { LoadedScenario } from './load-scenario.ts';

export type ChosenVariants = Readonly<Record<string, string>>;

/** @throws a usage error (64) that names what there is. */
export function chosenVariants(
  texts: readonly string[],
  release: string | undefined,
): ChosenVariants {
  const choice: Record<string, string> = { ...releaseRules(release) };
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw usageError(`--variant ${text}: expected name=option`);
    const name = text.slice(0, equals).trim();
    const option = text.slice(equals + 1).trim();
    const wrong = variantProblem(name, option);
    if (wrong !== null) {
      const help = didYouMean(wrong.nearest) || `there are ${wrong.allowed}`;
      throw usageError(`--variant ${text}: ${wrong.message}; ${help}`);
    }
    choice[name] = option;
  }
  return choice;
}

function releaseRules(release: string | undefined): ChosenVariants {
  if (release === undefined) return {};
  if ((PROFILES as readonly string[]).includes(release)) return rulesOfRelease(release);
  const near = didYouMean(nearestName(release, PROFILES));
  const help = near || `there are ${PROFILES.join(', ')}`;
  throw usageError(`--kafka ${release}: no rules are known for this release; ${help}`);
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

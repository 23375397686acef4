/**
 * Choices of variants as people write them: what is wrong with one, and what the rules of a Kafka
 * release were (`profiles`). For scenarios and the command line.
 */
import { nearestName } from '../config/nearest.ts';
import {
  type OptionHistory,
  type Variant,
  type VariantChoice,
  variantNamed,
  variants,
} from './variants.ts';

export interface ChoiceProblem {
  readonly message: string;
  readonly allowed: string;
  readonly nearest: string | null;
}

/** Why there is no such variant or option, or null. */
export function variantProblem(name: string, option: string): ChoiceProblem | null {
  const variant = variantNamed(name);
  if (variant === null) {
    const names = variants.map((one) => one.name);
    const nearest = nearestName(name, names);
    return { message: `there is no variant "${name}"`, allowed: names.join(', '), nearest };
  }
  const options = variant.options.map((one) => one.name);
  if (options.includes(option)) return null;
  const nearest = nearestName(option, options);
  const message = `"${option}" is no option of ${name}`;
  return { message, allowed: options.join(', '), nearest };
}

/** Releases whose rules can be asked for. */
export const PROFILES = ['0.8', '0.10', '0.11', '2.0', '2.4', '3.4', '4.1'] as const;

/** The historic rules that a release lived with, as far as there are variants for them. */
export function rulesOfRelease(release: string): VariantChoice {
  const choice: Record<string, string> = {};
  for (const variant of variants as readonly Variant[]) {
    const then = variant.options.find(({ history }) => history !== null && had(release, history));
    if (then !== undefined) choice[variant.name] = then.name;
  }
  return choice;
}

function had(release: string, { since, fixedIn }: OptionHistory): boolean {
  return since !== null && isBefore(release, fixedIn) && !isBefore(release, since);
}

/** By their numbers: 0.8 is before 0.10, and 0.11 is not before 0.11.0. */
function isBefore(one: string, other: string): boolean {
  const left = one.split('.').map(Number);
  const right = other.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * The one table of protocol variants: for each rule that Kafka once had otherwise, what it
 * decides, and its options, today's first. Scenarios choose by name (`cluster.variants`); the
 * command line, the reference and the search read this table, `rules.ts` builds what was chosen.
 */

import { clientVariants } from './client-variants.ts';
import type { Changed } from './decisions.ts';
import { replicationVariants } from './replication-variants.ts';
import { storageVariants } from './storage-variants.ts';
import type { Variant, VariantOption } from './variant.ts';

export type { OptionHistory, Variant, VariantOption } from './variant.ts';

export const variants = [...replicationVariants, ...storageVariants, ...clientVariants] as const;

type Table = (typeof variants)[number];
export type VariantName = Table['name'];
export type OptionName<V extends VariantName> = Extract<
  Table,
  { readonly name: V }
>['options'][number]['name'];

/** How each option of a variant is built. */
export type OptionsOf<V extends VariantName, Rule> = {
  readonly [Option in OptionName<V>]: (changed: Changed) => Rule;
};

/** Variant → option; what is not named follows today's rule. */
export type VariantChoice = Readonly<Partial<Record<VariantName, string>>>;

export function variantNamed(name: string): Variant | null {
  return variants.find((one) => one.name === name) ?? null;
}

export function optionNamed(variant: string, option: string): VariantOption | null {
  return variantNamed(variant)?.options.find((one) => one.name === option) ?? null;
}

export function defaultOption({ options }: Variant): string {
  return options[0].name;
}

/** What differs from today of a choice whose names are known to be right. */
export function variantChoice(names: Readonly<Record<string, string>>): VariantChoice {
  const others = Object.entries(names).filter(([name, option]) => {
    const variant = variantNamed(name);
    return variant !== null && option !== defaultOption(variant);
  });
  return Object.fromEntries(others) as VariantChoice;
}

/** `trial list`: what there is to run, to break, to check and to set. */
import type { Command } from 'commander';
import { configLevels, keysOfLevel } from '../../kafka/config/levels.ts';
import { didYouMean, nearestName } from '../../kafka/config/nearest.ts';
import { allowedText } from '../../kafka/config/values.ts';
import { type Variant, variants } from '../../kafka/protocol/variants.ts';
import { scenarios } from '../../scenarios/index.ts';
import { zoo } from '../../scenarios/zoo/index.ts';
import { checkCatalog } from '../../sim/check/checks.ts';
import { LAB_KEYS } from '../../sim/cluster/lab-keys.ts';
import { targetForms } from '../../sim/faults/targets.ts';
import { faultVerbs } from '../../sim/faults/verbs.ts';
import { marks } from '../../sim/marks/marks.ts';
import { presets } from '../../sim/scenario/presets.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { columns, wrap } from '../report/columns.ts';
import { type Colors, colorsFor } from '../terminal.ts';
import { printJson } from '../write-json.ts';

const parts = {
  scenarios: () => [...scenarios, ...zoo].map(storyOf),
  faults: () => faultVerbs.map(({ name, family, doc }) => ({ name, family, doc })),
  checks: () => checkCatalog.map(({ name, doc }) => ({ name, doc })),
  marks: () => marks.map(({ name, needs, doc }) => ({ name, needs, doc })),
  variants: () =>
    (variants as readonly Variant[]).map(({ name, decides, options }) => ({
      name,
      decides,
      options: options.map((one) => ({
        name: one.name,
        default: one.history === null,
        doc: one.doc,
        breaks: one.history?.breaks ?? [],
        since: one.history?.since ?? null,
        fixedIn: one.history?.fixedIn ?? null,
        by: one.history?.by ?? [],
      })),
    })),
  presets: () => presets.map((one) => ({ ...one })),
  configs: () =>
    configLevels.flatMap((level) =>
      Object.entries(keysOfLevel(level)).map(([key, one]) => ({
        level,
        key,
        type: one.type,
        default: one.defaultText,
        allowed: allowedText(one),
        notYet: one.notYet,
        setByLab: LAB_KEYS.includes(key),
        doc: one.doc,
      })),
    ),
};

function storyOf({ name, claim = '', story = '' }: ScenarioInput) {
  return { name, claim, story };
}

type Part = keyof typeof parts;
const partNames = Object.keys(parts) as Part[];

interface ListOptions {
  readonly json?: true;
  readonly jsonFile?: string;
  readonly color: boolean;
}

export function addList(command: Command, context: Context): Command {
  return command
    .name('list')
    .description('list scenarios, faults, checks, marks, variants, presets or configs')
    .argument('[what]', 'what to list (scenarios)', parsePart)
    .option('--json', 'as JSON on stdout; without [what], everything')
    .option('--json-file <file>', 'as JSON into a file')
    .option('--no-color', 'no colours')
    .action((what: Part | undefined, options: ListOptions) => list(what, options, context));
}

/** @throws a usage error naming what can be listed. */
function parsePart(word: string): Part {
  const part = partNames.find((name) => name === word);
  if (part !== undefined) return part;
  const question = didYouMean(nearestName(word, partNames));
  const help = [question, `(allowed: ${partNames.join(', ')})`].filter((text) => text !== '');
  throw usageError(`${word}: there is no such list; ${help.join(' ')}`);
}

function list(what: Part | undefined, options: ListOptions, { terminal }: Context): void {
  if (options.json === true || options.jsonFile !== undefined) {
    const asked = what === undefined ? partNames : [what];
    const found = Object.fromEntries(asked.map((part) => [part, parts[part]()]));
    printJson({ schema: 1, ...found }, options.jsonFile, terminal);
    return;
  }
  const colors = colorsFor(terminal, options.color);
  const width = Math.min(terminal.columns, 110);
  if (what === undefined || what === 'scenarios' || what === 'configs') {
    const lines = what === 'configs' ? configLines(width, colors) : scenarioLines(width, colors);
    terminal.out(`${lines.join('\n')}\n`);
    return;
  }
  const rows = rowsOf(what);
  terminal.out(`${columns(rows, width).replace(/^\S+/gm, (name) => colors.bold(name))}\n`);
}

function scenarioLines(width: number, colors: Colors): string[] {
  const historic = zoo.flatMap((one) => [
    ...linesOf(one, width, colors),
    ...chosenIn(one).map((text) => `  --variant ${text}`),
  ]);
  return [
    ...scenarios.flatMap((one) => linesOf(one, width, colors)),
    '',
    'With historic rules (`trial list variants`):',
    '',
    ...historic,
  ];
}

function linesOf(scenario: ScenarioInput, width: number, colors: Colors): string[] {
  const { name, claim, story } = storyOf(scenario);
  const head = `${colors.bold(name)}${claim === '' ? '' : `  [${claim}]`}`;
  return [head, ...wrap(story, width - 2).map((line) => `  ${line}`)];
}

function chosenIn({ cluster }: ScenarioInput): string[] {
  return Object.entries(cluster.variants ?? {}).map(([name, option]) => `${name}=${option}`);
}

/** Names and defaults are long: what a key is for stands below them. */
function configLines(width: number, colors: Colors): string[] {
  return parts.configs().flatMap((one) => {
    const value = one.default === null || one.default === '' ? '' : ` = ${one.default}`;
    const head = `${colors.bold(`${one.level}.${one.key}`)}${value}`;
    const text = [one.doc, ...whyFixed(one)].join(' ');
    return [head, ...wrap(text, width - 2).map((line) => `  ${line}`)];
  });
}

function whyFixed(one: { notYet: string | null; setByLab: boolean }): string[] {
  if (one.setByLab) return ['(Fixed: the laboratory sets it.)'];
  return one.notYet === null ? [] : [`(Fixed: needs ${one.notYet}, not there yet.)`];
}

/** Each rule, its options below it. */
function variantRows(): string[][] {
  return parts
    .variants()
    .flatMap(({ name, decides, options }) => [
      [name, decides],
      ...options.map((one) => [`  =${one.name}`, `${one.doc} ${whenItWas(one)}`]),
    ]);
}

function whenItWas({ default: isDefault, since, fixedIn, by }: OptionOfVariant): string {
  if (isDefault) return '(today)';
  const changes = by.join(', ');
  return since === null ? `(${changes})` : `(Kafka ${since} until ${fixedIn}: ${changes})`;
}

type OptionOfVariant = ReturnType<typeof parts.variants>[number]['options'][number];

function rowsOf(what: 'faults' | 'checks' | 'marks' | 'variants' | 'presets'): string[][] {
  switch (what) {
    case 'faults': {
      const faults = parts.faults().map((one) => [one.name, one.family, one.doc]);
      return [...faults, ...targetForms.map((one) => [one.form, 'target', one.doc])];
    }
    case 'checks':
      return parts.checks().map((one) => [one.name, one.doc]);
    case 'marks':
      return parts.marks().map((one) => [one.name, `needs ${one.needs}`, one.doc]);
    case 'variants':
      return variantRows();
    case 'presets':
      return parts.presets().map((one) => [one.name, one.doc]);
  }
}

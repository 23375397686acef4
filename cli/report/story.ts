/**
 * A run as a short story: what was done to the cluster and when, what the clients saw, what each
 * network partition cost, the verdicts with their evidence, and how to see it again.
 */
import { optionNamed } from '../../kafka/protocol/variants.ts';
import type { CapReport, ClientReport, RunReport, Spell } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import type { Colors } from '../terminal.ts';
import { capClientWords, capWords } from './cap.ts';
import { printable } from './columns.ts';
import { expectationsOn } from './expectations.ts';
import { Page } from './page.ts';
import { timelineOn } from './timeline.ts';
import { type EventWords, verdictsOn } from './verdicts.ts';
import { counted, latency, seconds, tallied, wallTime } from './words.ts';

export interface StoryOptions {
  readonly width: number;
  readonly colors: Colors;
  /** Everything, also what would be left out as repetition. */
  readonly verbose: boolean;
  /** The command that does it again. */
  readonly replay: string;
  readonly eventWords: EventWords;
}

export function storyLines(report: RunReport, options: StoryOptions): string[] {
  const page = new Page(options.width, options.colors);
  titleOn(page, report);
  variantsOn(page, report.variants);
  if (report.story.timeline.length > 0) {
    page.heading('What happened');
    timelineOn(page, report.story, options.verbose);
  }
  clientsOn(page, report);
  capOn(page, report.story.cap);
  beyondOn(page, report.story.beyondPromise);
  verdictsOn(page, report, options);
  expectationsOn(page, report);
  endOn(page, report, options);
  return page.lines;
}

function titleOn(page: Page, { scenario, seed, story }: RunReport): void {
  const claim = story.claim === '' ? '' : `  [${printable(story.claim)}]`;
  page.lines.push(`${page.colors.bold(scenario)}${claim}  seed ${seed}`);
  if (story.story !== '') page.text(2, story.story);
}

function variantsOn(page: Page, variants: RunReport['variants']): void {
  if (variants.length === 0) return;
  page.heading('Historic rules');
  for (const { name, option, decisionsChanged } of variants) {
    const { history } = optionNamed(name, option) ?? { history: null };
    const by = history === null ? 'today’s' : history.by.join(', ');
    page.text(2, `${name}=${option} (${by}): ${counted(decisionsChanged, 'decision')} changed`);
  }
}

function clientsOn(page: Page, { counts, story }: RunReport): void {
  page.heading('What the clients saw');
  const labelWidth = Math.max(3, ...story.clients.map((one) => one.name.length));
  for (const client of story.clients) {
    if (client.kind === 'admin') continue;
    const at = { indent: 2, label: client.name, labelWidth, paint: page.colors.bold };
    page.item(at, client.kind === 'producer' ? producerWords(client) : consumerWords(client));
    const below = (text: string) => page.text(labelWidth + 4, text);
    if (client.latencyMs !== null) below(latencyWords(client));
    if (client.unavailable.length > 0) below(spellWords(client.unavailable));
    if (Object.keys(client.errors).length > 0) below(`errors: ${tallied(client.errors)}`);
  }
  for (const answer of story.admin) {
    const took = answer.answeredUs === null ? 'never answered' : answerWords(answer.results);
    page.item({ indent: 2, label: answer.client, labelWidth }, `${answer.request}: ${took}`);
  }
  const all = [
    `${count(counts.sent)} sent`,
    `${count(counts.acknowledged)} acknowledged`,
    `${count(counts.acknowledgedLost)} of them lost`,
    `${count(counts.duplicated)} duplicated`,
    `${count(counts.reordered)} reordered`,
    `${count(counts.consumed)} consumed`,
  ];
  // With one producer this line would repeat what was said of it.
  if (story.clients.filter((one) => one.kind === 'producer').length < 2) return;
  page.item({ indent: 2, label: 'all', labelWidth, paint: page.colors.bold }, all.join(' · '));
}

function producerWords(client: ClientReport): string {
  const parts = [
    `wrote to ${client.topic}: ${count(client.sent)} sent`,
    `${count(client.acknowledged)} acknowledged`,
    `${count(client.acknowledgedLost)} of them lost`,
    ...disorderWords(client),
  ];
  if (client.failed > 0) parts.push(`${count(client.failed)} failed`);
  if (client.unknown > 0) parts.push(`${count(client.unknown)} of unknown outcome`);
  if (client.unanswered > 0) parts.push(`${count(client.unanswered)} unanswered`);
  return parts.join(' · ');
}

function consumerWords(client: ClientReport): string {
  const polls = counted(client.polls, 'poll');
  const read = `read from ${client.topic}: ${counted(client.consumed, 'record')} in ${polls}`;
  const parts = [read, ...disorderWords(client)];
  if (client.reorderedAcrossPartitions > 0) {
    parts.push(`${count(client.reorderedAcrossPartitions)} out of order across partitions`);
  }
  return parts.join(' · ');
}

function disorderWords({ duplicated, reordered }: ClientReport): string[] {
  return [`${count(duplicated)} duplicated`, `${count(reordered)} reordered`];
}

function latencyWords({ kind, latencyMs }: ClientReport): string {
  const { p50, p95, p99, max } = latencyMs as NonNullable<typeof latencyMs>;
  const what = kind === 'producer' ? 'latency' : 'send to poll';
  const values = [`p50 ${latency(p50)}`, `p95 ${latency(p95)}`, `p99 ${latency(p99)}`];
  return `${what} ${values.join(' · ')} · max ${latency(max)}`;
}

const SPELLS_SHOWN = 4;

function spellWords(spells: readonly Spell[]): string {
  const shown = spells.slice(0, SPELLS_SHOWN).map(({ fromMs, untilMs }) => {
    if (untilMs === null) return `from ${seconds(fromMs)} to the end`;
    return `${seconds(fromMs)} to ${seconds(untilMs)} (${latency(untilMs - fromMs)})`;
  });
  const more = spells.length > SPELLS_SHOWN ? ` · and ${spells.length - SPELLS_SHOWN} more` : '';
  return `unavailable ${shown.join(' · ')}${more}`;
}

function answerWords(results: RunReport['story']['admin'][number]['results']): string {
  return results
    .map(({ topic, error, said }) => {
      const what = error === 'NONE' ? 'done' : error;
      const words = said === '' ? what : `${what} (${said})`;
      return topic === '' || results.length === 1 ? words : `${topic} ${words}`;
    })
    .join(' · ');
}

function capOn(page: Page, cap: readonly CapReport[]): void {
  if (cap.length === 0) return;
  page.heading('Network partitions');
  for (const one of cap) {
    const paint = one.survived === false ? page.colors.yellow : page.colors.green;
    page.item({ indent: 2, label: 'CAP', labelWidth: 3, paint }, capWords(one));
    const width = Math.max(...one.clients.map((client) => client.name.length));
    for (const client of one.clients) {
      const at = { indent: 7, label: client.name, labelWidth: width, paint: page.colors.bold };
      page.item(at, capClientWords(client));
    }
  }
}

function beyondOn(page: Page, beyond: readonly string[]): void {
  if (beyond.length === 0) return;
  page.heading('Beyond what the settings promise to survive');
  for (const clause of beyond) page.text(2, clause);
}

function endOn(page: Page, report: RunReport, options: StoryOptions): void {
  const { story, simulatedMs, wallMs } = report;
  const at = (label: string) => ({ indent: 0, label, labelWidth: 6, paint: page.colors.dim });
  const speed = wallMs > 0 ? ` (${count(Math.round(simulatedMs / wallMs))} times real time)` : '';
  const warmUp = story.warmUpMs > 0 ? ` (${seconds(story.warmUpMs)} of them before time 0)` : '';
  const events = counted(report.events, 'event');
  page.lines.push('');
  if (report.world === 'real')
    page.item(at('took'), `${seconds(simulatedMs)}${warmUp} · ${events}`);
  else {
    const size = `${events} · ${counted(report.frames, 'frame')}`;
    const simulated = `${seconds(simulatedMs)} simulated${warmUp}`;
    page.item(at('took'), `${simulated} in ${wallTime(wallMs)}${speed} · ${size}`);
  }
  if (story.convergedAtMs !== null && story.healedAtMs !== null) {
    const rest = seconds(story.convergedAtMs - story.healedAtMs);
    page.item(at('rest'), `everything answered and caught up ${rest} after healing`);
  }
  if (report.world === 'real') {
    page.item(at('again'), `${options.replay}: against real processes, never quite the same`);
    return;
  }
  page.item(at('digest'), report.digest);
  page.item(at('replay'), options.replay);
}

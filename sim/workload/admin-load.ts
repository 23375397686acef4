/** What administrators and operators of a scenario ask, each at its time, with what came back. */
import type { ClientCommand, CommandResult, TopicPartition } from '../../kafka/client/commands.ts';
import type { ClientHistory } from '../check/history/history.ts';
import type { AskedAct } from '../check/operator-acts.ts';
import { Rank } from '../engine/after-events.ts';
import { whenItComes } from '../faults/triggers.ts';
import type { RunWorld } from '../run-world.ts';
import type { AdminEntry } from '../scenario/schema.ts';
import { commandFor, operationWords } from './operation-commands.ts';
import type { OperationSpec } from './operation-verbs.ts';

export interface AdminAnswer {
  readonly client: string;
  /** Of an operation, for expectations; null for an entry of the workload. */
  readonly name: string | null;
  readonly invokedUs: number;
  answeredUs: number | null;
  event: number | null;
  /** `create topic big (1 partition, 4 replicas)` */
  readonly request: string;
  /** One per thing asked about: NONE, or Kafka's error name. */
  readonly results: { readonly topic: string; readonly error: string; readonly said: string }[];
}

interface Request {
  readonly client: string;
  readonly name: string | null;
  readonly words: string;
  readonly command: ClientCommand;
}

const ADMIN_TIMEOUT_MS = 30_000;

export class AdminLoad {
  readonly answers: AdminAnswer[] = [];
  /** Told of each answer. */
  onAnswer: ((answer: AdminAnswer, result: CommandResult) => void) | null = null;
  private readonly world: RunWorld;
  /** Operations that wait for their event, by name. */
  private readonly waiting = new Map<string, OperationSpec>();
  /** Which process of the client asked. */
  private readonly askedIn = new Map<AdminAnswer, number>();
  private readonly history: ClientHistory;
  private over = false;

  constructor(world: RunWorld, history: ClientHistory) {
    this.world = world;
    this.history = history;
  }

  add(entry: AdminEntry, originUs: number): void {
    const { admin: client, createTopic, describe } = entry;
    if (createTopic === undefined && describe === undefined) return;
    const request = { client, name: null, words: requestWords(entry), command: commandOf(entry) };
    this.world.schedule(originUs + entry.at * 1_000, '', () => this.ask(request));
  }

  /**
   * Also while the run goes on; then it has a time to come or follows the newest event, and the
   * run is as if it had been planned.
   */
  operate(spec: OperationSpec, name: string, originUs: number): void {
    const { world } = this;
    const words = operationWords(spec);
    const request = { client: spec.by, name, words, command: commandFor(spec) };
    const label = `operation ${name}: ${words}`;
    const action = (): void => {
      if (!this.over) this.ask(request);
    };
    const { at, when, afterEvent, after = 0 } = spec;
    if (at !== undefined) {
      world.scheduleFirst(originUs + at * 1_000, Rank.operation, { label, action });
    }
    if (afterEvent !== undefined && afterEvent >= world.events) {
      world.afterEvent(afterEvent, label, action, Rank.operation);
    }
    if (when === undefined) return;
    this.waiting.set(name, spec);
    whenItComes(world, when, (timeUs) => {
      if (!this.waiting.delete(name) || this.over) return;
      world.schedule(timeUs + after * 1_000, label, action);
    });
  }

  /** Nothing new is asked; what is under way is still answered. */
  stop(): void {
    this.over = true;
  }

  /** Operations whose event never came, although it had to. */
  neverAsked(): string[] {
    const missed = [...this.waiting].filter(([, spec]) => spec.mayMiss !== true);
    return missed.map(([name]) => name);
  }

  /** Clients that wait for an answer; one whose process ended meanwhile waits no more. */
  waitingClients(): string[] {
    const open = this.answers.filter((one) => one.answeredUs === null);
    const waits = (one: AdminAnswer): boolean => {
      const { bootCount, node } = this.world.node(one.client);
      return node !== null && bootCount === this.askedIn.get(one);
    };
    return open.filter(waits).map(({ client }) => client);
  }

  private ask(request: Request): void {
    const { world } = this;
    const answer: AdminAnswer = {
      client: request.client,
      name: request.name,
      invokedUs: world.nowUs,
      answeredUs: null,
      event: null,
      request: request.words,
      results: [],
    };
    this.answers.push(answer);
    this.askedIn.set(answer, world.node(request.client).bootCount);
    const { acts } = this.history;
    const ended = actsOf(request.command).map((act) =>
      acts.begun(request.client, act, world.events),
    );
    world.command(request.client, request.command, (result, event) => {
      const isKnown = result.kind === 'operated' || isRefusal(result);
      if (isKnown) for (const end of ended) end(event);
      answer.answeredUs = world.nowUs;
      answer.event = event;
      answer.results.push(...resultsOf(result));
      this.onAnswer?.(answer, result);
    });
  }
}

/** The numbers that expectations may ask of an operation. */
export function operationNumbers(answers: readonly AdminAnswer[]): Record<string, unknown> {
  const named = answers.filter((one) => one.name !== null);
  return Object.fromEntries(
    named.map(({ name, results, invokedUs, answeredUs }) => {
      const bad = results.find((one) => one.error !== 'NONE');
      const error = answeredUs === null ? null : (bad?.error ?? 'NONE');
      const tookMs = answeredUs === null ? null : (answeredUs - invokedUs) / 1_000;
      return [name, { error, tookMs, said: results.map((one) => one.said).join('; ') }];
    }),
  );
}

function actsOf(command: ClientCommand): AskedAct[] {
  if (command.kind === 'electLeaders' && command.election === 'unclean') {
    const partitions = command.partitions?.map(partitionName) ?? null;
    return [{ what: 'unclean election', partitions, replicas: null, broker: null }];
  }
  if (command.kind === 'unregisterBroker') {
    return [{ what: 'unregistration', partitions: null, replicas: null, broker: command.broker }];
  }
  if (command.kind !== 'alterReassignments') return [];
  return command.partitions.map(({ replicas, ...partition }) => ({
    what: replicas === null ? 'cancelled reassignment' : 'reassignment',
    partitions: [partitionName(partition)],
    replicas,
    broker: null,
  }));
}

/** It is known that nothing of it was done, and that nothing will be. */
function isRefusal(result: CommandResult): boolean {
  return result.kind === 'failed' && result.outcome === 'failed';
}

function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

function commandOf(entry: AdminEntry): ClientCommand {
  if (entry.createTopic !== undefined) {
    return { kind: 'createTopics', topics: [entry.createTopic], timeoutMs: ADMIN_TIMEOUT_MS };
  }
  return { kind: 'describeTopics', topics: entry.describe ?? [] };
}

function requestWords(entry: AdminEntry): string {
  const topic = entry.createTopic;
  if (topic === undefined) return `describe ${(entry.describe ?? []).join(', ')}`;
  return `create topic ${topic.name} (partitions ${topic.partitions}, replicas ${topic.replicationFactor})`;
}

function resultsOf(result: CommandResult): AdminAnswer['results'] {
  switch (result.kind) {
    case 'topicsCreated':
    case 'operated':
      return result.results.map(({ name, error, message }) => ({
        topic: name,
        error,
        said: message ?? '',
      }));
    case 'topicsDescribed':
      return result.topics.map((one) => ({
        topic: one.name,
        error: one.error,
        said: `${one.partitions.length} partitions`,
      }));
    case 'reassignmentsListed':
      return [
        {
          topic: '',
          error: 'NONE',
          said: result.partitions
            .map(({ topic, partition, replicas }) => `${topic}-${partition}: ${replicas.join()}`)
            .join('; '),
        },
      ];
    case 'quorumDescribed': {
      const ids = result.voters.map((one) => one.id).join(', ');
      return [{ topic: '', error: 'NONE', said: `leader ${result.leader}, voters ${ids}` }];
    }
    case 'configsDescribed':
      return result.resources.map(({ resource, error, configs }) => ({
        topic: resource.name,
        error,
        said: configs
          .filter((one) => !one.isDefault)
          .map(({ name, value }) => `${name}=${value ?? ''}`)
          .join(', '),
      }));
    default: {
      const failed = result.kind === 'failed' ? result : { error: result.kind, message: '' };
      return [{ topic: '', error: failed.error, said: failed.message }];
    }
  }
}

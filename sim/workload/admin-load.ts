/** Administrative requests of a scenario, each at its time, with what came back. */
import type { ClientCommand, CommandResult } from '../../kafka/client/commands.ts';
import type { AdminEntry } from '../scenario/schema.ts';
import type { World } from '../world.ts';

export interface AdminAnswer {
  readonly client: string;
  readonly invokedUs: number;
  answeredUs: number | null;
  event: number | null;
  /** `create topic big (1 partition, 4 replicas)` */
  readonly request: string;
  /** One per topic asked about: NONE, or Kafka's error name. */
  readonly results: { readonly topic: string; readonly error: string; readonly said: string }[];
}

const ADMIN_TIMEOUT_MS = 30_000;

export class AdminLoad {
  readonly answers: AdminAnswer[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  add(entry: AdminEntry, originUs: number): void {
    this.world.schedule(originUs + entry.at * 1_000, '', () => this.ask(entry));
  }

  get unanswered(): number {
    return this.answers.filter((one) => one.answeredUs === null).length;
  }

  private ask(entry: AdminEntry): void {
    const { world } = this;
    const answer: AdminAnswer = {
      client: entry.admin,
      invokedUs: world.nowUs,
      answeredUs: null,
      event: null,
      request: requestWords(entry),
      results: [],
    };
    this.answers.push(answer);
    world.command(entry.admin, commandOf(entry), (result, event) => {
      answer.answeredUs = world.nowUs;
      answer.event = event;
      answer.results.push(...resultsOf(result));
    });
  }
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
  if (result.kind === 'topicsCreated') {
    return result.results.map(({ name, error, message }) => ({
      topic: name,
      error,
      said: message ?? '',
    }));
  }
  if (result.kind === 'topicsDescribed') {
    return result.topics.map((one) => ({
      topic: one.name,
      error: one.error,
      said: `${one.partitions.length} partitions`,
    }));
  }
  const failed = result.kind === 'failed' ? result : { error: result.kind, message: '' };
  return [{ topic: '', error: failed.error, said: failed.message }];
}

/** All applications of a scenario, started together at its time 0. */

import { consumerConfigs } from '../../kafka/config/consumer.ts';
import { parseConfig } from '../../kafka/config/parse.ts';
import { idempotenceEnabled, producerConfigs } from '../../kafka/config/producer.ts';
import type { ClientHistory } from '../check/history/history.ts';
import { declaredTopics } from '../cluster/names.ts';
import type { RunWorld } from '../run-world.ts';
import type { ConsumerEntry, GroupEntry, ProducerEntry, Scenario } from '../scenario/schema.ts';
import { AdminLoad } from './admin-load.ts';
import { ApplicationLoad } from './application-load.ts';
import { ConsumerLoad } from './consumer-load.ts';
import { GroupLoad } from './group-load.ts';
import { operationNames } from './operation-verbs.ts';
import { OutsideStore } from './outside-store.ts';
import { ProducerLoad } from './producer-load.ts';
import { range } from './range.ts';

const ACKS: Readonly<Record<string, number>> = { all: -1, '0': 0, '1': 1 };

export class Workload {
  readonly producers: (ProducerLoad | ApplicationLoad)[] = [];
  readonly consumers: ConsumerLoad[] = [];
  readonly members: GroupLoad[] = [];
  readonly admin: AdminLoad;

  constructor(
    world: RunWorld,
    parts: { scenario: Scenario; history: ClientHistory; originUs: number },
  ) {
    const { scenario, history, originUs } = parts;
    const runForMs = scenario.runFor;
    this.admin = new AdminLoad(world, history);
    const names = operationNames(scenario.operations);
    scenario.operations.forEach((spec, index) => {
      this.admin.operate(spec, names[index] as string, originUs);
    });
    for (const entry of scenario.workload) {
      if ('admin' in entry) {
        this.admin.add(entry, originUs);
        continue;
      }
      if ('group' in entry) {
        this.members.push(this.member(world, entry, { history, originUs }));
        continue;
      }
      const partitions = partitionsAtStart(scenario, entry.topic);
      if ('producer' in entry) {
        const sends = history.addProducer(producerInfo(entry));
        const place = this.producers.length;
        const load = { entry, partitions, history: sends, originUs, runForMs, place };
        const Load = entry.sends === undefined ? ProducerLoad : ApplicationLoad;
        this.producers.push(new Load(world, load));
      } else {
        const polls = history.addConsumer(entry.consumer, entry.topic);
        const options = {
          client: entry.consumer,
          topic: entry.topic,
          partitions: entry.assign === 'all' ? range(partitions) : entry.assign,
          growthEveryUs: entry.assign === 'all' ? metadataMaxAgeUs(entry) : null,
          startUs: originUs + entry.startAt * 1_000,
          stopUs: entry.stopAt === undefined ? Infinity : originUs + entry.stopAt * 1_000,
          pollEveryUs: entry.pollEvery * 1_000,
          pollTimeoutMs: entry.pollTimeout,
          reset: entry.config['auto.offset.reset'] ?? 'latest',
        };
        this.consumers.push(new ConsumerLoad(world, { all: history, history: polls, options }));
      }
    }
  }

  /** By group: where those of its members that commit outside of Kafka keep their results. */
  private readonly stores = new Map<string, OutsideStore>();

  private member(
    world: RunWorld,
    entry: GroupEntry,
    run: { readonly history: ClientHistory; readonly originUs: number },
  ): GroupLoad {
    const store = this.stores.get(entry.group) ?? new OutsideStore();
    this.stores.set(entry.group, store);
    const config = parseConfig(consumerConfigs, entry.config, { at: entry.consumer });
    const reset = config.get('auto.offset.reset');
    const limits = {
      maxPollRecords: config.get('max.poll.records'),
      maxPollIntervalMs: config.get('max.poll.interval.ms'),
    };
    return new GroupLoad(world, { ...run, entry, store, reset, limits });
  }

  start(): void {
    for (const producer of this.producers) producer.start();
    for (const consumer of this.consumers) consumer.start();
    for (const member of this.members) member.start();
  }

  /** Producers send nothing at this time or later. */
  endAt(timeUs: number): void {
    for (const producer of this.producers) producer.endAt(timeUs);
  }

  /** Nothing new is asked; what is under way is still answered. */
  stopProducing(): void {
    this.admin.stop();
    for (const producer of this.producers) producer.stop();
  }

  stopConsuming(): void {
    for (const consumer of this.consumers) consumer.stop();
    for (const member of this.members) member.stop();
  }

  /** Records that scenarios list and whose event did not come. */
  neverSent(): string[] {
    return this.producers.flatMap((load) =>
      load instanceof ApplicationLoad
        ? load.neverSent().map((place) => `send ${place} of ${load.history.producer.name}`)
        : [],
    );
  }

  /** Sends of living producers, and administrative requests, without an answer. */
  unanswered(): { readonly client: string; readonly count: number }[] {
    const waiting = this.producers
      .filter((one) => one.outstanding > 0)
      .map((one) => ({ client: one.history.producer.name, count: one.outstanding }));
    const asking = this.admin.waitingClients().map((client) => ({ client, count: 1 }));
    return [...waiting, ...asking];
  }
}

/** Of a topic that operators create, as many as they ask for. */
function partitionsAtStart(scenario: Scenario, name: string): number {
  const topic = scenario.cluster.topics.find((one) => one.name === name);
  const declared = declaredTopics(scenario).find((one) => one.name === name);
  return topic?.partitions ?? declared?.partitions ?? 0;
}

function producerInfo(entry: ProducerEntry) {
  const config = parseConfig(producerConfigs, entry.config, { at: entry.producer });
  return {
    name: entry.producer,
    topic: entry.topic,
    acks: ACKS[config.get('acks')] as number,
    idempotent: idempotenceEnabled(config),
    oneInFlight: config.get('max.in.flight.requests.per.connection') === 1,
  };
}

function metadataMaxAgeUs(entry: ConsumerEntry): number {
  const config = parseConfig(consumerConfigs, entry.config, { at: entry.consumer });
  return Math.max(1, config.get('metadata.max.age.ms')) * 1_000;
}

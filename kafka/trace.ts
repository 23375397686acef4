/**
 * The one table of events that the system can tell: name, fields, words. Types, the trace file,
 * the page's legend and the reference come from it. A field is a number (safe integer) or a text
 * (interned by the recorder). Rooms call `trace.emit('hw.advanced', 'orders-0', 41, 44)`; the
 * lab's own events (inputs, frames, faults) are in `sim/trace/lab-events.ts`.
 */
export type FieldType = 'number' | 'text';

export interface EventSpec {
  readonly doc: string;
  /** In the order in which `emit` takes them; at most 8. */
  readonly fields: readonly (readonly [name: string, type: FieldType])[];
}

export const systemEvents = {
  'broker.state': {
    doc: 'A broker moved in its life cycle (Kafka: BrokerState).',
    fields: [['state', 'text']],
  },
  'log.appended': {
    doc: `Batches of one leader epoch were written to a replica; offsets [baseOffset, endOffset). A
      leader also tells whose batch it is, by its idempotent producer (else -1, as with followers).`,
    fields: [
      ['partition', 'text'],
      ['baseOffset', 'number'],
      ['endOffset', 'number'],
      ['leaderEpoch', 'number'],
      ['role', 'text'],
      ['producerId', 'number'],
      ['producerEpoch', 'number'],
      ['baseSequence', 'number'],
    ],
  },
  'log.truncated': {
    doc: 'A replica cut its log: records [endOffset, oldEndOffset) are gone from it.',
    fields: [
      ['partition', 'text'],
      ['endOffset', 'number'],
      ['oldEndOffset', 'number'],
      ['why', 'text'],
    ],
  },
  'log.recovered': {
    doc: 'A replica was loaded after a start.',
    fields: [
      ['partition', 'text'],
      ['logStartOffset', 'number'],
      ['endOffset', 'number'],
      ['clean', 'text'],
    ],
  },
  'log.cut': {
    doc: 'Recovery found no good batch from endOffset on and cut off the bytes that stood there.',
    fields: [
      ['partition', 'text'],
      ['endOffset', 'number'],
      ['bytes', 'number'],
    ],
  },
  'log.started': {
    doc: 'The log start offset of a replica rose (retention, DeleteRecords, or the leader said so).',
    fields: [
      ['partition', 'text'],
      ['logStartOffset', 'number'],
      ['why', 'text'],
    ],
  },
  'segment.rolled': {
    doc: 'The active segment of a replica was closed, and one began at a later offset.',
    fields: [
      ['partition', 'text'],
      ['baseOffset', 'number'],
      ['closedBytes', 'number'],
    ],
  },
  'segment.deleted': {
    doc: 'A replica gave up its oldest segment, whole.',
    fields: [
      ['partition', 'text'],
      ['baseOffset', 'number'],
      ['endOffset', 'number'],
      ['why', 'text'],
    ],
  },
  'log.dir.failed': {
    doc: 'A log directory went offline after a disk error.',
    fields: [
      ['directory', 'text'],
      ['error', 'text'],
    ],
  },
  'hw.advanced': {
    doc: 'The high watermark of a replica changed (a follower may also go down).',
    fields: [
      ['partition', 'text'],
      ['highWatermark', 'number'],
      ['leaderEpoch', 'number'],
      ['role', 'text'],
    ],
  },
  'leader.started': {
    doc: 'A broker began to lead a partition, from its log end offset on.',
    fields: [
      ['partition', 'text'],
      ['leaderEpoch', 'number'],
      ['epochStartOffset', 'number'],
    ],
  },
  'follower.started': {
    doc: 'A broker began to follow a leader for a partition.',
    fields: [
      ['partition', 'text'],
      ['leaderEpoch', 'number'],
      ['leader', 'number'],
    ],
  },
  'leader.elected': {
    doc: 'The controller gave a partition a leader (-1: none). `how`: created, elected, preferred, elr, unclean, …',
    fields: [
      ['partition', 'text'],
      ['leader', 'number'],
      ['leaderEpoch', 'number'],
      ['isr', 'text'],
      ['elr', 'text'],
      ['how', 'text'],
    ],
  },
  'isr.changed': {
    doc: 'The controller committed another ISR or ELR. `why`: alter-partition, session-timed-out, …',
    fields: [
      ['partition', 'text'],
      ['isr', 'text'],
      ['elr', 'text'],
      ['partitionEpoch', 'number'],
      ['why', 'text'],
    ],
  },
  'isr.held': {
    doc: 'What a leader takes for the ISR: the committed one, and with whom it wants to add.',
    fields: [
      ['partition', 'text'],
      ['isr', 'text'],
      ['maximalIsr', 'text'],
      ['leaderEpoch', 'number'],
      ['partitionEpoch', 'number'],
    ],
  },
  'topic.created': {
    doc: 'The controller made a topic; its partitions are told by `leader.elected`, how=created.',
    fields: [
      ['topic', 'text'],
      ['topicId', 'text'],
    ],
  },
  'topic.deleted': {
    doc: 'The controller removed a topic. Brokers remove its replicas when they learn of it.',
    fields: [
      ['topic', 'text'],
      ['topicId', 'text'],
    ],
  },
  'replicas.changed': {
    doc: 'The controller committed other replicas of a partition, the preferred one first.',
    fields: [
      ['partition', 'text'],
      ['replicas', 'text'],
      ['adding', 'text'],
      ['removing', 'text'],
      ['partitionEpoch', 'number'],
      ['why', 'text'],
    ],
  },
  'directory.assigned': {
    doc: 'The controller learned in which log directory of a broker a replica lies.',
    fields: [
      ['partition', 'text'],
      ['broker', 'number'],
      ['directory', 'text'],
    ],
  },
  'replica.deleted': {
    doc: 'A broker gave its replica up. `why`: topic-deleted, reassigned, stray, other-topic.',
    fields: [
      ['partition', 'text'],
      ['topicId', 'text'],
      ['why', 'text'],
    ],
  },
  'config.changed': {
    doc: 'The controller committed a setting of a topic, a broker or all brokers ("": unset).',
    fields: [
      ['resource', 'text'],
      ['name', 'text'],
      ['value', 'text'],
    ],
  },
  'feature.changed': {
    doc: 'The controller committed another level of a feature of the cluster.',
    fields: [
      ['feature', 'text'],
      ['level', 'number'],
    ],
  },
  'isr.proposed': {
    doc: 'A leader sent AlterPartition. `why` is shrink or expand.',
    fields: [
      ['partition', 'text'],
      ['isr', 'text'],
      ['why', 'text'],
    ],
  },
  'broker.fenced': {
    doc: 'The controller fenced a broker.',
    fields: [
      ['broker', 'number'],
      ['why', 'text'],
    ],
  },
  'broker.unfenced': { doc: 'The controller unfenced a broker.', fields: [['broker', 'number']] },
  'broker.unregistered': {
    doc: 'The controller forgot a broker for good.',
    fields: [['broker', 'number']],
  },
  'broker.leaving': {
    doc: 'The controller put a broker into controlled shutdown: it hands its leaderships over.',
    fields: [['broker', 'number']],
  },
  'quorum.state': {
    doc: `A node of the quorum is in another state (Kafka: EpochState) or epoch, or has voted.
      Leader and voted (who has its vote of the epoch): a node.id, -1: none.`,
    fields: [
      ['state', 'text'],
      ['epoch', 'number'],
      ['leader', 'number'],
      ['voted', 'number'],
    ],
  },
  'quorum.committed': {
    doc: 'A node knows its metadata log committed so far. `role`: leader, follower, observer.',
    fields: [
      ['highWatermark', 'number'],
      ['epoch', 'number'],
      ['role', 'text'],
    ],
  },
  'controller.activated': {
    doc: 'A controller has replayed the metadata log, up to endOffset, and is the active one.',
    fields: [
      ['leaderEpoch', 'number'],
      ['endOffset', 'number'],
    ],
  },
  'controller.resigned': {
    doc: `A controller is the active one no more. It forgets what it had not committed: so many
      changes of topics, partitions, brokers and settings (not counting no-op records).`,
    fields: [
      ['leaderEpoch', 'number'],
      ['forgotten', 'number'],
    ],
  },
  'metadata.snapshot': {
    doc: 'A node has written a snapshot of the metadata up to endOffset.',
    fields: [
      ['endOffset', 'number'],
      ['epoch', 'number'],
      ['bytes', 'number'],
    ],
  },
  'broker.registered': {
    doc: 'The controller registered a broker incarnation.',
    fields: [
      ['broker', 'number'],
      ['brokerEpoch', 'number'],
      ['clean', 'text'],
    ],
  },
  'fetch.diverged': {
    doc: 'A leader told a follower where its log diverges (KIP-595 style truncation).',
    fields: [
      ['partition', 'text'],
      ['follower', 'number'],
      ['epoch', 'number'],
      ['endOffset', 'number'],
    ],
  },
  'produce.refused': {
    doc: 'A leader refused a batch without writing it.',
    fields: [
      ['partition', 'text'],
      ['error', 'text'],
    ],
  },
  'produce.duplicate': {
    doc: 'An idempotent batch came again; the old offset is returned and nothing is written.',
    fields: [
      ['partition', 'text'],
      ['producerId', 'number'],
      ['baseOffset', 'number'],
    ],
  },
  'coordinator.changed': {
    doc: `A broker has loaded the groups of a partition of __consumer_offsets (active), could not
      (failed), or coordinates them no more (unloaded). Counts of groups and of their offsets.`,
    fields: [
      ['partition', 'text'],
      ['leaderEpoch', 'number'],
      ['state', 'text'],
      ['groups', 'number'],
      ['offsets', 'number'],
    ],
  },
  'group.changed': {
    doc: `A coordinator moved a group to another state: PreparingRebalance, CompletingRebalance,
      Stable, Empty, Dead. The generation rises when a round of joining ends.`,
    fields: [
      ['group', 'text'],
      ['state', 'text'],
      ['generation', 'number'],
      ['members', 'number'],
      ['why', 'text'],
    ],
  },
  'group.joined': {
    doc: 'A coordinator took a member into a group; `instance` is its group.instance.id, or "".',
    fields: [
      ['group', 'text'],
      ['generation', 'number'],
      ['member', 'text'],
      ['client', 'text'],
      ['instance', 'text'],
    ],
  },
  'group.left': {
    doc: 'A coordinator removed a member from a group.',
    fields: [
      ['group', 'text'],
      ['generation', 'number'],
      ['member', 'text'],
      ['client', 'text'],
      ['why', 'text'],
    ],
  },
  'group.assigned': {
    doc: 'A coordinator has stored which partitions a member has in a generation ("": none).',
    fields: [
      ['group', 'text'],
      ['generation', 'number'],
      ['member', 'text'],
      ['client', 'text'],
      ['partitions', 'text'],
    ],
  },
  'offset.committed': {
    doc: `A committed offset of a group is replicated, and from now on what its coordinator answers.
      Its record stands at recordOffset of a partition of __consumer_offsets.`,
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
      ['offset', 'number'],
      ['log', 'text'],
      ['recordOffset', 'number'],
    ],
  },
  'offset.removed': {
    doc: 'A committed offset of a group is gone: expired, deleted, or its topic was deleted.',
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
    ],
  },
  'consumer.position': {
    doc: `A consumer will read a partition from this offset on. \`how\`: polled, reset, seek,
      truncated, committed (where its group stood). \`leaderEpoch\`: of the leader that it knows.`,
    fields: [
      ['partition', 'text'],
      ['offset', 'number'],
      ['how', 'text'],
      ['leaderEpoch', 'number'],
    ],
  },
  'consumer.joined': {
    doc: 'A consumer is in a generation of its group and knows what it is to have.',
    fields: [
      ['group', 'text'],
      ['generation', 'number'],
      ['member', 'text'],
      ['protocol', 'text'],
    ],
  },
  'consumer.owns': {
    doc: `What a consumer may read has changed. \`how\`: assigned, revoked (it gave up what was
      asked of it), lost (it learned that it is out of the group).`,
    fields: [
      ['group', 'text'],
      ['generation', 'number'],
      ['member', 'text'],
      ['partitions', 'text'],
      ['owned', 'text'],
      ['how', 'text'],
    ],
  },
  'consumer.rejoins': {
    doc: 'A consumer will join its group anew with its next poll, or leaves it for good.',
    fields: [
      ['group', 'text'],
      ['why', 'text'],
    ],
  },
  'commit.sent': {
    doc: 'A consumer asks for a position of its group to be committed.',
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
      ['offset', 'number'],
      ['generation', 'number'],
    ],
  },
  'commit.answered': {
    doc: `What a consumer heard of a commit: NONE, or why not. Without an answer the error is
      NETWORK_EXCEPTION, and the commit may have been taken.`,
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
      ['offset', 'number'],
      ['error', 'text'],
    ],
  },
  'committed.asked': {
    doc: 'A consumer asks where its group stands.',
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
    ],
  },
  'committed.told': {
    doc: 'A consumer is told where its group stands (-1: nothing is committed).',
    fields: [
      ['group', 'text'],
      ['partition', 'text'],
      ['offset', 'number'],
    ],
  },
  'decision.changed': {
    doc: `A protocol variant decided otherwise than today's rule would have, for the count-th time
      at this node (kafka/protocol/variants.ts).`,
    fields: [
      ['variant', 'text'],
      ['option', 'text'],
      ['subject', 'text'],
      ['count', 'number'],
    ],
  },
  'client.retried': {
    doc: 'A producer put a batch back to send it again.',
    fields: [
      ['partition', 'text'],
      ['error', 'text'],
      ['attempts', 'number'],
    ],
  },
  'login.failed': {
    doc: `A node did not let a client in (SASL, TLS). \`untold\`: others since the last that was told,
      of which there are at most ten at once and one a second.`,
    fields: [
      ['host', 'text'],
      ['listener', 'text'],
      ['why', 'text'],
      ['untold', 'number'],
    ],
  },
} as const satisfies Record<string, EventSpec>;

export type SystemEvents = typeof systemEvents;
export type SystemEventKind = keyof SystemEvents;

type FieldValue<T extends FieldType> = T extends 'number' ? number : string;
/** The argument list that an event with these fields takes. */
export type FieldsOf<F extends EventSpec['fields']> = {
  -readonly [I in keyof F]: F[I] extends readonly [string, infer T extends FieldType]
    ? FieldValue<T>
    : never;
};

export interface Trace {
  emit<K extends SystemEventKind>(kind: K, ...fields: FieldsOf<SystemEvents[K]['fields']>): void;
}

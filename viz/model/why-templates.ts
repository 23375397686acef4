/**
 * The sentences of explanations, as data: words with places to fill, and Kafka's rule behind
 * them. There is no other prose on the tab "Why"; `why/` decides which of these are true of a run.
 */
import { type RuleLink, rules } from './rules.ts';
import { decisionTemplates } from './why/decision-templates.ts';
import { demandTemplates, findingTemplates } from './why/finding-templates.ts';

export interface Template {
  /** `{name}` is filled from the facts of the run. */
  readonly text: string;
  readonly rule: RuleLink | null;
}

export const whyTemplates = {
  // What was promised.
  'told-by-leader': {
    text:
      '{client} was told that {record} is written (acks=1): {leader}, the leader of epoch ' +
      '{epoch}, answers as soon as it has it itself',
    rule: rules.acks,
  },
  'told-by-in-sync': {
    text:
      '{client} was told that {record} is written (acks=all): {holders}, all that counted ' +
      'as in sync, had it',
    rule: rules.acks,
  },
  'told-though-lacking': {
    text:
      '{client} was told that {record} is written (acks={acks}): {holders} had it, and {lacking}, ' +
      'in sync as well, did not',
    rule: rules.acks,
  },
  'told-an-offset': {
    text: '{client} was told that {count} is written at {offset} of {partition} (acks={acks})',
    rule: rules.acks,
  },
  'told-by-nobody': {
    text:
      '{client} takes {count} for written as soon as it is sent (acks=0): no broker has to ' +
      'answer',
    rule: rules.acks,
  },
  'nobody-else-had-it': {
    text: 'nobody else had it then: {others} had not fetched that far',
    rule: rules.replication,
  },
  'could-not-copy': {
    text: '{others} could not copy {record}: {trouble}',
    rule: rules.replication,
  },
  'not-yet-copied': {
    text: '{others} had not fetched as far as {record}',
    rule: rules.replication,
  },
  'turned-away': {
    text:
      'when {former} wrote {record}, {others} already followed {leader}, the leader of epoch ' +
      '{epoch}',
    rule: rules.leaderEpochs,
  },
  'led-already': {
    text: 'when {former} wrote {record}, {leader} already led in epoch {epoch}',
    rule: rules.leaderEpochs,
  },
  'in-sync-alone': {
    text:
      'only {isr} counted as in sync, and min.insync.replicas={minimum} asks for no more: ' +
      '{others} had left',
    rule: rules.minInSync,
  },
  'left-the-isr': {
    text: '{broker} had left the in-sync replicas ({why}): {trouble}',
    rule: rules.replicaLagTime,
  },

  // What went wrong.
  trouble: { text: '{trouble}', rule: rules.sessionTimeout },
  'trouble-of-link': { text: '{trouble}', rule: rules.requestTimeout },
  'trouble-of-leader': { text: '{trouble}', rule: rules.quorum },
  'trouble-behind': { text: '{trouble}', rule: rules.replicaLagTime },
  'trouble-unanswered': { text: '{trouble}', rule: rules.acks },
  'lost-with-power': {
    text:
      '{broker} lost power before {record} was flushed: after the start its log ended at ' +
      '{end}',
    rule: rules.flushMessages,
  },
  'lost-with-disk': {
    text: '{broker} lost {record} with its disk: after the start its log ended at {end}',
    rule: rules.replication,
  },
  'lost-to-damage': {
    text:
      '{broker} found no good batch from {end} on when it started, and cut {record} off ' +
      'with the rest',
    rule: rules.flushMessages,
  },
  'cut-off': {
    text:
      '{broker} cut {partition} back to {end}, where it parts from the log of the new ' +
      'leader: {record} is gone there too',
    rule: rules.leaderEpochs,
  },
  'cut-as-follower': {
    text:
      '{broker} cut {partition} from {from} back to {end}: the leader of epoch {epoch}, ' +
      '{leader}, has something else there',
    rule: rules.leaderEpochs,
  },

  // Who decided what.
  fenced: {
    text: 'the controller fenced {broker}: {why}',
    rule: rules.sessionTimeout,
  },
  'elected-without': {
    text:
      '{leader} was elected for epoch {epoch}, and its log ended at {end}: {record} was ' +
      'never in it',
    rule: rules.replication,
  },
  'elected-before': {
    text:
      '{leader} had been elected for epoch {epoch} before that: {former} wrote {record} as ' +
      'a leader whom nobody follows any more',
    rule: rules.leaderEpochs,
  },
  'elected-before-unknown': {
    text:
      '{leader} had been elected for epoch {epoch} before that: {former} wrote {record} as ' +
      'a leader that had been replaced already',
    rule: rules.leaderEpochs,
  },
  'elected-uncleanly': {
    text:
      '{leader} was elected for epoch {epoch} although it was not in sync: its log ended at ' +
      '{end}, without {record}',
    rule: rules.uncleanElection,
  },
  'elected-having-lost': {
    text:
      '{leader} was elected for epoch {epoch} although it had lost {record} itself: ' +
      'its log ended at {end}',
    rule: rules.eligibleReplicas,
  },
  'elected-at-last': {
    text: '{partition} had nobody to lead it until {leader} could, in epoch {epoch} ({why})',
    rule: rules.replication,
  },
  'elected-last-known': {
    text:
      '{leader}, the last leader known, was elected for epoch {epoch} when nobody was left ' +
      'who could be trusted: its log ended at {end}, without {record}',
    rule: rules.eligibleReplicas,
  },
  'led-on-without': {
    text: '{leader} began to lead epoch {epoch} with a log that ended at {end}, without {record}',
    rule: rules.replication,
  },
  'elected-because': {
    text: '{partition} got {leader} as its leader in epoch {epoch}, because {former} {why}',
    rule: rules.replication,
  },
  'elected-again': {
    text: '{partition} got {leader} as its leader again, in epoch {epoch}',
    rule: rules.replication,
  },
  'elected-preferred': {
    text: '{partition} went back to its preferred leader {leader} in epoch {epoch}',
    rule: rules.replication,
  },
  'no-leader': {
    text: '{partition} was left without a leader: nobody who is in sync or eligible is up',
    rule: rules.eligibleReplicas,
  },
  created: {
    text: '{partition} was created with {leader} as its leader',
    rule: rules.replication,
  },
  'isr-shrank': {
    text: '{broker} left the in-sync replicas of {partition}: {why}',
    rule: rules.replicaLagTime,
  },
  'isr-grew': {
    text:
      '{broker} came back into the in-sync replicas of {partition}: the leader took it to have ' +
      'caught up',
    rule: rules.alterPartition,
  },
  'isr-asked': {
    text: '{leader} had asked for another ISR of {partition}: a leader watches which followers keep up',
    rule: rules.alterPartition,
  },
  'leads-from-here': {
    text: '{broker} leads {partition} from offset {offset} on, since the controller elected it',
    rule: rules.replication,
  },
  'follows-since': {
    text: '{broker} follows {leader} for {partition}, since the controller elected that one',
    rule: rules.replication,
  },

  // What a client met.
  'refused-too-few': {
    text:
      '{leader} refused the batch: {count} of {partition} in sync, min.insync.replicas asks ' +
      'for {minimum}',
    rule: rules.minInSync,
  },
  refused: { text: '{leader} refused a batch of {partition}: {error}', rule: rules.protocol },
  'sent-again': {
    text: '{client} put the batch back and sent it again, attempt {attempt} ({error})',
    rule: rules.retries,
  },
  'written-twice': {
    text: '{leader} wrote the batch again, at {offset}: without a producer id it cannot know it',
    rule: rules.idempotence,
  },
  'first-written': {
    text: '{leader} had written a batch of {client} at {offset} of {partition}',
    rule: rules.replicatedLog,
  },
  'answer-lost': {
    text: 'the batch was written, but no answer to it reached {client}: {trouble}',
    rule: rules.requestTimeout,
  },
  overtaken: {
    text:
      'what {client} had sent after it was written first: several requests are under way at ' +
      'once, and nothing but a producer id keeps their order',
    rule: rules.maxInFlight,
  },
  'failed-with': {
    text: '{client} gave up {count} after {waited}: {error}',
    rule: rules.deliveryTimeout,
  },
  'unknown-outcome': {
    text: '{client} cannot know whether {count} were written: {error}',
    rule: rules.deliveryTimeout,
  },
  'answered-all': {
    text: '{client} was answered when the high watermark of {partition} had passed {offset}',
    rule: rules.acks,
  },
  'wrote-leader': {
    text: '{leader} had written {record} as leader',
    rule: rules.replicatedLog,
  },
  'wrote-in-epoch': {
    text: '{leader} wrote {record} as leader of epoch {epoch}',
    rule: rules.leaderEpochs,
  },
  'watermark-moved': {
    text:
      '{broker} moved the high watermark of {partition} to {offset}: everybody for whom it waits ' +
      'has what lies below, as far as it knows',
    rule: rules.replication,
  },
  'watermark-learnt': {
    text: '{broker} learnt the high watermark {offset} of {partition} with what it fetched',
    rule: rules.replication,
  },
  'asked-for': { text: '{client} had been asked to {command}', rule: rules.protocol },
  'copied-from': {
    text: '{broker} copied a batch of {partition} from {from}, which it follows',
    rule: rules.replication,
  },
  'produced-by': { text: '{from} had sent a batch of {partition}', rule: rules.protocol },

  // Where it hangs.
  'waits-for-leader': {
    text: '{partition} has no leader that acts: {trouble}',
    rule: rules.replication,
  },
  'waits-for-replica': {
    text: 'acks=all waits for {broker}, which counts as in sync: {trouble}',
    rule: rules.acks,
  },
  'below-minimum': {
    text: '{partition} has {isr} in sync, and needs {minimum}: writes with acks=all are refused',
    rule: rules.minInSync,
  },

  // What would have helped.
  'acks-all-waits': {
    text: 'with acks=all the answer would have waited until every replica in sync had it',
    rule: rules.acks,
  },
  'min-isr-refuses': {
    text: 'with min.insync.replicas=2 the write would have been refused instead of being lost',
    rule: rules.minInSync,
  },
  'clean-only': {
    text: 'without unclean elections the partition would have waited for a replica in sync',
    rule: rules.uncleanElection,
  },
  'idempotence-knows': {
    text:
      'with enable.idempotence=true batches would have had numbers, and leaders would have ' +
      'known the repeat by them and kept the order',
    rule: rules.idempotence,
  },
  'flush-costs': {
    text:
      'Kafka leaves flushing to the operating system and trusts the other replicas: they ' +
      'all lost it at once here',
    rule: rules.flushMessages,
  },

  // How the one came from the other.
  happened: { text: '{words}', rule: null },
  'lab-did': { text: 'the scenario did this: {label}', rule: null },
  'timer-came': { text: '{words}: it was set here', rule: null },

  ...findingTemplates,
  ...demandTemplates,
  ...decisionTemplates,
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof whyTemplates;

/** Throws a RangeError when a place stays empty. */
export function fill(name: TemplateName, facts: Readonly<Record<string, string | number>>): string {
  const text = whyTemplates[name].text.replace(/\{(\w+)\}/g, (_, key: string) => {
    const fact = facts[key];
    if (fact === undefined) throw new RangeError(`template ${name} lacks ${key}`);
    return String(fact);
  });
  return text;
}

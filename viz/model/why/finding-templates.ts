/**
 * Sentences about findings of checks and about the quorum: what kept somebody from what the check
 * asks for, what it saw, and what Kafka's rule is. For each check of the catalogue there is the
 * rule that it asks for, under its own name.
 */
import { rules } from '../rules.ts';

export const findingTemplates = {
  // What was done to disks.
  'disk-lost': {
    text: '{node} lost its disk, and with it everything that it had promised to keep',
    rule: rules.replication,
  },
  'voter-disk-lost': {
    text: '{node} lost its disk, and with it its votes and its copy of the metadata log',
    rule: rules.quorum,
  },
  'disk-misdirected': {
    text: 'the disk of {node} put a write where it was not meant to go, over what stood there',
    rule: rules.replication,
  },
  'disk-rotten': {
    text: 'a bit flipped on the disk of {node}: what is read there is not what was written',
    rule: rules.replication,
  },
  'disk-lied': {
    text: 'the disk of {node} answered flushes that it had not done',
    rule: rules.flushMessages,
  },

  // What settings permit.
  'without-elr': {
    text:
      'without eligible leader replicas the last member of an ISR stays in it when it goes, ' +
      'whatever it has lost',
    rule: rules.eligibleReplicas,
  },
  'elr-cleared': {
    text:
      'min.insync.replicas was changed while nobody was in sync: that clears the eligible ' +
      'leader replicas, and nobody may lead any more',
    rule: rules.eligibleReplicas,
  },
  'tight-timing': {
    text: 'nothing else was wrong: {setting} leaves no room for what is normal',
    rule: rules.sessionTimeout,
  },

  // The quorum.
  'quorum-elected': {
    text: '{node} became leader of the quorum in epoch {epoch}: {voters} had voted for it',
    rule: rules.quorum,
  },
  'quorum-elected-alone': {
    text: '{node} became leader of the quorum in epoch {epoch}, as its only voter',
    rule: rules.quorum,
  },
  'quorum-candidate': {
    text: '{node} asked for votes in epoch {epoch}: it had heard of no leader in time',
    rule: rules.quorum,
  },
  'quorum-asks-first': {
    text:
      '{node} asked, without raising the epoch, whether it would be elected: it had not heard ' +
      'from a leader in time',
    rule: rules.preVote,
  },
  'quorum-voted': {
    text: '{node} gave its vote of epoch {epoch} to {candidate}',
    rule: rules.quorum,
  },
  'quorum-follows': {
    text: '{node} follows {leader}, the leader of epoch {epoch}',
    rule: rules.quorum,
  },
  'quorum-resigned': {
    text:
      '{node} gave up leading in epoch {epoch}: it stops, or a majority of the voters had not ' +
      'fetched from it in time',
    rule: rules.quorum,
  },
  'quorum-adrift': {
    text: '{node} knows of epoch {epoch} and not who leads it',
    rule: rules.quorum,
  },
  'voted-twice': {
    text:
      '{voter} had voted for {first} in epoch {epoch}, and then voted for {second} in the same ' +
      'one: it had forgotten its vote',
    rule: rules.quorum,
  },
  'now-active': {
    text: '{node} is the active controller: it leads the quorum and has replayed its whole log',
    rule: rules.quorumController,
  },
  'no-more-active': {
    text: '{node} is the active controller no more: it does not lead the quorum any longer',
    rule: rules.quorumController,
  },
  'committed-by': {
    text: '{node} had committed the metadata log up to {offset} in epoch {epoch}',
    rule: rules.quorum,
  },

  // Replicas that move.
  'reassignment-begun': {
    text:
      'the controller began to move {partition}: {adding} shall have it, {removing} shall give ' +
      'it up, and until then its replicas are {replicas}',
    rule: rules.reassignment,
  },
  'reassignment-done': {
    text: 'the move of {partition} is done: its replicas are {replicas}; in sync: {isr}',
    rule: rules.reassignment,
  },
  'reassignment-asked': { text: '{client} had been asked to {command}', rule: rules.reassignment },

  // What kept somebody from coming to rest.
  'not-back': { text: '{node} is not back: {trouble}', rule: rules.replication },
  'came-back-unclean': {
    text: '{broker} registered again after a stop that was not clean: it may lack what it had',
    rule: rules.eligibleReplicas,
  },
  'wrote-again-anew': {
    text:
      '{leader} wrote the batch again, at {offset}: its producer had begun anew in epoch {epoch}, ' +
      'and with it the sequence numbers by which repeats are known',
    rule: rules.exactlyOnce,
  },
  'snapshot-loaded': {
    text:
      '{leader} loaded a snapshot, which names only the last batch of each producer: the repeat of ' +
      'an older one was a gap in the sequence numbers to it',
    rule: rules.exactlyOnce,
  },
  'log-began-late': {
    text:
      'the log of {leader} began behind an older batch of the producer, which others had deleted: ' +
      'it took the repeat of that batch for a gap',
    rule: rules.exactlyOnce,
  },
  'refused-before': {
    text:
      '{leader} refused a batch of it, and as it knew none of this producer, took a later one ' +
      'with whatever number',
    rule: rules.exactlyOnce,
  },
  'overtaken-numbered': {
    text: 'what {client} had sent after it was written first',
    rule: rules.exactlyOnce,
  },
  'producer-expired': {
    text:
      'by then a leader may have forgotten the producer: all that it had of it was older than ' +
      'producer.id.expiration.ms',
    rule: rules.producerExpiry,
  },
  'wrote-again-known': {
    text:
      '{leader} wrote the batch again, at {offset}, although it bears producer id {id} and ' +
      'sequence {sequence}',
    rule: rules.exactlyOnce,
  },

  'one-copy-promised': {
    text:
      'what was acknowledged with acks=1 is lost only with the copy of the leader that answered: ' +
      'with its disk, or when somebody is elected who lacks it',
    rule: rules.acks,
  },

  // What was found.
  found: { text: '{finding}', rule: null },
} as const;

/** By check: what Kafka promises that it asks for. */
export const demandTemplates = {
  'acked-durable': {
    text: 'what was acknowledged to acks=all survives as long as one of those in sync does',
    rule: rules.acks,
  },
  'no-dup': {
    text: 'a leader knows the batches of an idempotent producer by their sequence numbers',
    rule: rules.idempotence,
  },
  'producer-order': {
    text: 'a leader takes batches of an idempotent producer only in the order of their numbers',
    rule: rules.idempotence,
  },
  'read-stable': {
    text: 'consumers are given what lies below the high watermark, and that is never taken back',
    rule: rules.replication,
  },
  'offset-unique': {
    text: 'an offset belongs to one record for ever, once that record is committed',
    rule: rules.replicatedLog,
  },
  'offset-mono': {
    text:
      'a consumer goes back only when it seeks or is told that the log was cut, and the end of a ' +
      'partition is never told lower than before',
    rule: rules.fencedConsumers,
  },
  'log-match': {
    text: 'below the high watermark every replica has what the leader has, batch by batch',
    rule: rules.leaderEpochs,
  },
  'hw-mono': {
    text: 'the high watermark only rises: a new leader has everything below it',
    rule: rules.replication,
  },
  'one-leader-per-epoch': {
    text:
      'an epoch has one leader: nobody votes twice in it, and the controller gives every leader ' +
      'a new one',
    rule: rules.quorum,
  },
  'offset-bounds': {
    text: 'a high watermark lies within the log, and nobody reads at or above it',
    rule: rules.replication,
  },
  'leader-complete': {
    text: 'only a replica that has all that was committed may lead',
    rule: rules.replication,
  },
  'candidate-complete': {
    text: 'whoever is in sync or eligible has all that was committed, so that it may lead',
    rule: rules.eligibleReplicas,
  },
  'strong-isr': {
    text: 'a leader moves its high watermark only over what everybody in sync has',
    rule: rules.replication,
  },
  'quorum-superset': {
    text: 'a leader waits for everybody who is in sync as the controller has it, and may be elected',
    rule: rules.alterPartition,
  },
  'unclean-excluded': {
    text: 'who comes back without what it had leaves the ISR before anybody can elect it',
    rule: rules.eligibleReplicas,
  },
  'committed-somewhere': {
    text: 'what was committed stands on more disks than may fail at once',
    rule: rules.minInSync,
  },
  'isr-live': {
    text: 'the controller takes a fenced broker out of every ISR in the same commit',
    rule: rules.quorumController,
  },
  'leader-live': {
    text: 'a leader is in sync, not fenced, and its log directory is online',
    rule: rules.quorumController,
  },
  'reassign-safe': {
    text: 'a move is done when all its targets are in sync, and not before',
    rule: rules.reassignment,
  },
  'recovery-sound': {
    text: 'a log that was not closed cleanly is read when it is loaded, and cut where it is damaged',
    rule: rules.replicatedLog,
  },
  'retention-bound': {
    text: 'what was written stays for retention.ms, counted from when it was made',
    rule: rules.retention,
  },
  'single-owner': {
    text: 'in one generation of a group every partition belongs to one member, or to nobody',
    rule: rules.assignors,
  },
  'commit-durable': {
    text: 'a commit is answered when all in-sync replicas of its offsets partition have it',
    rule: rules.groupCoordinator,
  },
  'commit-latest': {
    text: 'a coordinator tells the last offset that was committed, whoever led before it',
    rule: rules.groupCoordinator,
  },
  'at-least-once': {
    text: 'who commits after processing may process again, and passes nothing by',
    rule: rules.autoCommit,
  },
  'metadata-match': {
    text: 'every node applies the same metadata: what the quorum committed, in its order',
    rule: rules.quorumController,
  },
  'raft-leader-complete': {
    text: 'a majority votes only for a log that ends no earlier than its own, so nothing is missed',
    rule: rules.quorum,
  },
  'raft-durable': {
    text: 'metadata is committed when a majority of the voters has it on disk',
    rule: rules.quorum,
  },
  'produce-progress': {
    text: 'every send ends within delivery.timeout.ms, one way or the other',
    rule: rules.deliveryTimeout,
  },
  'follower-progress': {
    text: 'a follower that reaches its leader copies all that it lacks and is let in again',
    rule: rules.alterPartition,
  },
  'consume-progress': {
    text: 'a consumer that reaches the leaders reads up to the high watermark',
    rule: rules.replication,
  },
  'metadata-progress': {
    text: 'a node that reaches the quorum learns and does all that was decided',
    rule: rules.quorumController,
  },
  'isr-stable': {
    text: 'a replica leaves the ISR only when it stays behind too long, or its broker goes',
    rule: rules.replicaLagTime,
  },
} as const;

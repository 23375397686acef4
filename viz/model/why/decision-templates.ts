/**
 * Sentences about decisions that a protocol variant took otherwise than Kafka does today: one for
 * each option of `kafka/protocol/variants.ts`, and where its rule is asked in several places, one
 * for each of these (`variant=option where`). `{by}` is what ended the rule, as KIP-101.
 */
export const decisionTemplates = {
  'truncation=to-high-watermark': {
    text:
      '{node}, by the rule of before {by}, cut {partition} from {from} back to its own high ' +
      'watermark {end}, before it asked its leader where their logs part',
    rule: null,
  },
  'truncation=end-offset-only': {
    text:
      '{node}, by the rule of before {by}, kept {partition} up to {end}, where an epoch ends in ' +
      'its leader’s log, without asking whether it knows that epoch itself',
    rule: null,
  },
  'truncation=end-offset-only leader': {
    text:
      '{node}, by the rule of before {by}, told {peer} nothing of the divergence in {partition}: ' +
      'it looked only at the offset where an epoch ends, not at which epoch that is',
    rule: null,
  },
  'follower-restart=new-leader-only': {
    text:
      '{node}, by the rule of before {by}, did not compare its log of {partition} with {leader}’s ' +
      'in epoch {epoch}: the same broker leads, whatever epochs passed between',
    rule: null,
  },
  'epoch-start=with-first-write': {
    text:
      '{node}, by the rule of before {by}, fell back to its own high watermark in {partition}, ' +
      '{end}: its leader had not noted where its epoch begins, and could not answer',
    rule: null,
  },
  'epoch-start=with-first-write leader': {
    text:
      '{node}, by the rule of before {by}, began to lead {partition} in epoch {epoch} without ' +
      'noting where that epoch begins: it does so with its first write',
    rule: null,
  },
  'fetch-fencing=none': {
    text:
      '{node}, by the rule of before {by}, let {peer} fetch {partition} in another leader epoch ' +
      'than its own, and did not ask whether their logs differ',
    rule: null,
  },
  'follower-position=every-fetch': {
    text:
      '{node}, by the rule of before {by}, took {peer} to have all of {partition} below the ' +
      'offset that it fetches from, while it answered that their logs part at {end}',
    rule: null,
  },
  'out-of-range=from-the-beginning': {
    text:
      '{node}, by the rule of before {by}, cut its whole log of {partition} away, from {from} to ' +
      '{end}: its leader had come past its end meanwhile, so it took itself to be behind the start',
    rule: null,
  },
  'out-of-range=from-the-beginning leader': {
    text:
      '{node}, by the rule of before {by}, told {peer}, whose log of {partition} ended beyond its ' +
      'own, only that its offset is out of range, and not where their logs part',
    rule: null,
  },
  'isr-join=from-high-watermark': {
    text:
      '{node}, by the rule of before {by}, wanted {joining} in the ISR of {partition} although it ' +
      'had not reached {start}, where the epoch begins: the high watermark of a new leader was ' +
      'enough, which may be too low',
    rule: null,
  },
  'isr-in-flight=committed': {
    text:
      '{node}, by the rule of before {by}, did not wait for {joining} while it asked to add it to ' +
      'the ISR of {partition}: until it hears of the controller’s consent, the old members count',
    rule: null,
  },
  'isr-eligibility=any-replica': {
    text:
      '{node}, by the rule of before {by}, admitted {subject} to an ISR although it was fenced, ' +
      'shutting down or not registered',
    rule: null,
  },
  'isr-incarnation=any': {
    text:
      '{node}, by the rule of before {by}, admitted {subject} to an ISR although it had been ' +
      'started again since the fetches for which it was asked for',
    rule: null,
  },
  'commit-below-min-isr=always': {
    text:
      '{node}, by the rule of before {by}, moved the high watermark of {partition} to {offset} ' +
      'with only {isr} in sync, fewer than min.insync.replicas={minimum}',
    rule: null,
  },
  'unclean-restart=stays-eligible': {
    text:
      '{node}, by the rule of before {by}, left {subject} eligible to lead when it registered ' +
      'without the proof of a clean stop: it may have lost what it had',
    rule: null,
  },
  'last-known-leader=maybe-fenced': {
    text:
      '{node}, by the rule of before {by}, elected {subject}, the last leader known, although it ' +
      'was fenced',
    rule: null,
  },
  'isr-lag=by-count': {
    text:
      '{node}, by the rule of before {by}, wanted {gone} out of the ISR of {partition} for being ' +
      'more than 4000 records behind, however short a time',
    rule: null,
  },
  'isr-lag=by-time-alone': {
    text:
      '{node}, by the rule of before {by}, wanted {gone} out of the ISR of {partition} for not ' +
      'having fetched in replica.lag.time.max.ms, although it had everything',
    rule: null,
  },
  'shrink-applied=with-next-fetch': {
    text:
      '{node}, by the rule of before {by}, did not look whether the smaller ISR of {partition} ' +
      'lets its high watermark rise: what waits for that goes on waiting',
    rule: null,
  },
  'latest-offset=at-once': {
    text:
      '{node}, by the rule of before {by}, told {peer} the latest offset of {partition} before its ' +
      'own high watermark had reached the epoch that it leads: what it tells may be too low',
    rule: null,
  },
  'consumer-position=trusted': {
    text:
      '{node}, by the rule of before {by}, read on in {partition} from another leader, without ' +
      'asking it whether its position lies on the same history',
    rule: null,
  },
  'reassignment-end=added-in-sync': {
    text:
      '{node}, by the rule of before {by}, took a reassignment for complete when {members} were in ' +
      'sync: who was added, and not everybody who is to stay',
    rule: null,
  },
  'clean-marker=at-every-stop': {
    text:
      '{node}, by the rule of before {by}, marked {subject} as closed cleanly when it stopped, ' +
      'although its logs were not loaded and recovered yet',
    rule: null,
  },
  'dedup-window=last-batch': {
    text:
      '{node}, by the rule of before {by}, did not know a repeated batch of {partition}: it ' +
      'remembered only the last one of each producer, and took the repeat for a gap',
    rule: null,
  },
  'fetch-damage=ends-fetcher': {
    text:
      '{node}, by the rule of before {by}, stopped fetching anything from {peer} when a batch of ' +
      '{partition} came damaged, instead of asking for it again',
    rule: null,
  },
  'oversize-batch=never': {
    text:
      '{node}, by the rule of before {by}, answered a fetch of {partition} with nothing: the next ' +
      'batch is larger than the limits of the fetch',
    rule: null,
  },
  'raft-flush=never': {
    text:
      '{node}, by the rule of before {by}, vouched for records of the metadata log that were in ' +
      'its page cache, and not durable',
    rule: null,
  },
  'raft-commit=at-epoch-start': {
    text:
      '{node}, by the rule of before {by}, committed metadata of earlier epochs before a majority ' +
      'had the first record of its own epoch',
    rule: null,
  },
  'failed-append=closed-later': {
    text:
      '{node}, by the rule of before {by}, left {subject} open to appends for a second after a ' +
      'call of its disk had failed',
    rule: null,
  },
  'retention-time=last-write': {
    text:
      '{node}, by the rule of before {by}, counted retention.ms of {partition} from when the ' +
      'segment’s file was written last, by the clock of then, not from its newest record',
    rule: null,
  },
  'forgotten-producer=with-its-records': {
    text:
      '{node}, by the rule of before {by}, forgot a producer together with its records in ' +
      '{partition}, which retention deleted',
    rule: null,
  },
  'forgotten-producer=with-its-records refused': {
    text:
      '{node}, by the rule of before {by}, refused a batch of {partition}: its producer was ' +
      'forgotten with its records, which retention had deleted',
    rule: null,
  },
  'forgotten-producer=with-its-records client': {
    text:
      '{node}, by the rule of before {by}, began again at sequence 0 in {partition} without a new ' +
      'producer epoch, with a batch that may be written already',
    rule: null,
  },
  'sequence-wrap=by-sequences': {
    text:
      '{node}, by the rule of before {by}, told a wrong offset for a repeated batch of ' +
      '{partition}: it counted back from its end by sequence numbers, which pass from 2^31 - 1 to 0',
    rule: null,
  },
  'group-load=first-buffer-stays': {
    text:
      '{node}, by the rule of before {by}, kept the group {subject} as it stood in an earlier ' +
      'buffer that it read of its offsets partition: what came later did not replace it',
    rule: null,
  },
  'offset-expiry=by-commit': {
    text:
      '{node}, by the rule of before {by}, let what a group had committed of {partition} expire ' +
      'offsets.retention.minutes after the commit, though the group still needs it',
    rule: null,
  },
  'offset-expiry=while-rebalancing': {
    text:
      '{node}, by the rule of before {by}, let what a group had committed of {partition} expire ' +
      'while it was rebalancing: only the round before had not subscribed to it',
    rule: null,
  },
  'one-in-flight=of-a-connection': {
    text:
      '{node}, by the rule of before {by}, sent the next batch of {partition} to another leader ' +
      'while one was out: with one request in flight only the connection waited, not the partition',
    rule: null,
  },
  'metadata-publication=written': {
    text:
      '{node}, by the rule of before {by}, acted upon what the leader of the quorum had only ' +
      'written, and takes nothing of it back',
    rule: null,
  },
} as const;

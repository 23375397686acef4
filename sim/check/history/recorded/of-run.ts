/**
 * What the clients of a simulated run saw, as a history of operations: each send one of its own,
 * joined with its answer, and each poll. The checks of a run look into every node; this is for
 * judging the same run by its clients alone.
 */
import { type ClientHistory, Outcome, type PollHistory, type SendHistory } from '../history.ts';
import { type Ending, type Moment, OperationHistory, UNKNOWN_OFFSET } from './operation-history.ts';

/** @param history complete: the run has ended. */
export function historyOfRun(history: ClientHistory): OperationHistory {
  const found = [
    ...history.sends.flatMap((sends) => sendsOf(history, sends)),
    ...history.polls.flatMap((polls, index) => pollsOf(history, polls, index)),
  ];
  found.sort((a, b) => a.begunAt - b.begunAt || a.rank - b.rank);
  const operations = new OperationHistory('event');
  for (const one of found) one.addTo(operations);
  return operations;
}

interface Found {
  /** Event number. */
  readonly begunAt: number;
  /** Of several at one event, the smaller comes first. */
  readonly rank: number;
  addTo(operations: OperationHistory): void;
}

function moment(event: number, timeUs: number): Moment {
  return { mark: event, timeMs: timeUs / 1_000 };
}

const ENDINGS: Readonly<Record<Outcome, Ending>> = {
  [Outcome.pending]: 'info',
  [Outcome.ok]: 'ok',
  [Outcome.failed]: 'fail',
  [Outcome.unknown]: 'info',
};

function crash(process: string, at: Moment): Found {
  return {
    begunAt: at.mark,
    rank: 0,
    addTo: (operations) =>
      void operations.add({ process, kind: 'crash', ending: 'info', invoked: at, completed: at }),
  };
}

function sendsOf(history: ClientHistory, sends: SendHistory): Found[] {
  const process = sends.producer.name;
  const found = sends.restarts.map(({ event, timeUs }) => crash(process, moment(event, timeUs)));
  const whereRead = partitionsWhereRead(history, sends);
  for (let row = 0; row < sends.count; row++) {
    const answered = sends.answeredEvent.at(row);
    const invoked = moment(sends.invokedEvent.at(row), sends.invokedUs.at(row));
    const completed = answered < 0 ? null : moment(answered, sends.answeredUs.at(row));
    found.push({
      begunAt: invoked.mark,
      rank: 2 + row,
      addTo: (operations) => {
        const ending = ENDINGS[sends.outcome.at(row) as Outcome];
        const error = sends.errors.get(row);
        operations.add({ process, kind: 'send', ending, invoked, completed, error });
        const told = sends.partition.at(row);
        const partition = told < 0 ? (whereRead[row] as number) : told;
        // A client that was not told does not know; who never read it need not either.
        const key = `${sends.producer.topic}-${partition < 0 ? '?' : partition}`;
        const keyId = operations.keyId(key);
        const value = operations.valueId(keyId, `${process}-${row}`);
        const offset = sends.offset.at(row);
        operations.addSend(keyId, value, offset < 0 ? UNKNOWN_OFFSET : offset);
      },
    });
  }
  return found;
}

/** By send: the partition where some poll met its record, -1 for none. */
function partitionsWhereRead(history: ClientHistory, sends: SendHistory): Int32Array {
  const where = new Int32Array(sends.count).fill(-1);
  const index = history.sends.indexOf(sends);
  for (const polls of history.polls) {
    for (let i = 0; i < polls.record.length; i++) {
      const record = polls.record.at(i);
      if (record < 0 || history.producerIndex(record) !== index) continue;
      where[history.numberOf(record)] = polls.partition.at(i);
    }
  }
  return where;
}

function pollsOf(history: ClientHistory, polls: PollHistory, index: number): Found[] {
  const namesakes = history.polls.filter((one) => one.consumer === polls.consumer);
  const process = namesakes.length > 1 ? `${polls.consumer}/${polls.topic}` : polls.consumer;
  const found: Found[] = polls.assigned.flatMap((assigned, i) => {
    const at = moment(assigned.event, assigned.timeUs);
    const asked = assigned.partitions.map((partition) => `${polls.topic}-${partition}`);
    const assign: Found = {
      begunAt: at.mark,
      rank: 1,
      addTo: (operations) => {
        const row = { process, kind: 'assign', ending: 'ok', invoked: at, completed: at } as const;
        operations.asked.set(operations.add(row), asked);
      },
    };
    return i === 0 ? [assign] : [crash(process, at), assign];
  });
  const { outcome } = polls.polls;
  for (let poll = 0; poll < outcome.length; poll++) {
    found.push(pollOf(history, { polls, poll, process, index }));
  }
  return found;
}

function pollOf(
  history: ClientHistory,
  {
    polls,
    poll,
    process,
    index,
  }: { polls: PollHistory; poll: number; process: string; index: number },
): Found {
  const { invokedEvent, invokedUs, answeredEvent, answeredUs, outcome, firstRecord } = polls.polls;
  const invoked = moment(invokedEvent.at(poll), invokedUs.at(poll));
  const isAnswered = answeredEvent.at(poll) >= 0;
  const completed = isAnswered ? moment(answeredEvent.at(poll), answeredUs.at(poll)) : null;
  return {
    begunAt: invoked.mark,
    rank: 2 + index,
    addTo: (operations) => {
      const ending = ENDINGS[outcome.at(poll) as Outcome];
      operations.add({ process, kind: 'poll', ending, invoked, completed });
      const isLast = poll + 1 === outcome.length;
      const end = isLast ? polls.event.length : firstRecord.at(poll + 1);
      for (let row = firstRecord.at(poll); row < end; row++) {
        const offset = polls.offset.at(row);
        const key = `${polls.topic}-${polls.partition.at(row)}`;
        const record = polls.record.at(row);
        const name = record < 0 ? `foreign ${key} ${offset}` : history.nameOf(record);
        const keyId = operations.keyId(key);
        operations.addRead(keyId, operations.valueId(keyId, name), offset);
      }
    },
  };
}

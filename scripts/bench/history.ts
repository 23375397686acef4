/** The benchmark of `trial check`: a long history without anomalies, from its lines to a verdict. */
import { judgeHistory } from '../../sim/check/history/judge-history.ts';
import { HistoryReader } from '../../sim/check/history/recorded/history-reader.ts';
import type { Measured } from './measure.ts';

const OPERATIONS = 1_000_000;
const KEYS = 20;
const PROCESSES = 20;

/** Half of the processes send, the others poll a quarter of the keys each, to the end. */
export function measureHistory(): Measured {
  const reader = new HistoryReader();
  let wallMs = 0;
  const feed = (lines: readonly string[]): void => {
    const started = process.hrtime.bigint();
    for (const line of lines) reader.read(line);
    wallMs += Number(process.hrtime.bigint() - started) / 1e6;
  };
  const clients = new Clients();
  for (let first = 0; first < OPERATIONS; first += 1_000) {
    const lines: string[] = [];
    for (let i = first; i < first + 1_000; i++) clients.operate(i, lines);
    feed(lines);
  }
  const started = process.hrtime.bigint();
  const judgement = judgeHistory(reader.end());
  wallMs += Number(process.hrtime.bigint() - started) / 1e6;
  if (judgement.verdict !== 'holds') throw new Error(`the verdict is ${judgement.verdict}`);
  const peakResidentMb = process.resourceUsage().maxRSS / 1024;
  return { wallMs, simulatedMs: 0, frames: 0, records: OPERATIONS, peakResidentMb };
}

class Clients {
  private readonly logs: string[][] = Array.from({ length: KEYS }, () => []);
  private readonly positions = Array.from({ length: PROCESSES }, () => new Array(KEYS).fill(0));

  operate(number: number, lines: string[]): void {
    const client = number % PROCESSES;
    const isSender = client % 2 === 0 && number < OPERATIONS - 2 * PROCESSES;
    const f = isSender ? 'send' : 'poll';
    const [asked, answered] = isSender ? this.send(number) : this.poll(client);
    const line = { process: client, time: number, f };
    lines.push(JSON.stringify({ ...line, type: 'invoke', value: [asked] }));
    lines.push(JSON.stringify({ ...line, type: 'ok', value: [answered] }));
  }

  private send(number: number): [unknown, unknown] {
    const key = Math.floor(number / 2) % KEYS;
    const log = this.logs[key] as string[];
    const value = `v${number}`;
    log.push(value);
    const name = `orders-${key}`;
    return [
      ['send', name, value],
      ['send', name, [log.length - 1, value]],
    ];
  }

  private poll(client: number): [unknown, unknown] {
    const given: Record<string, [number, string][]> = {};
    const positions = this.positions[client] as number[];
    // Senders have nothing assigned.
    const first = client % 2 === 0 ? KEYS : (client >> 1) % 4;
    for (let key = first; key < KEYS; key += 4) {
      const log = this.logs[key] as string[];
      const from = positions[key] as number;
      if (from === log.length) continue;
      given[`orders-${key}`] = log.slice(from).map((value, i) => [from + i, value]);
      positions[key] = log.length;
    }
    return [['poll'], ['poll', given]];
  }
}

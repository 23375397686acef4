/** A plan of offsets as `--export` writes it: `topic,partition,offset`, or the group before it. */
import type { TopicPartition } from '../../../kafka/client/commands.ts';
import { inputError } from '../../errors.ts';

export interface PlannedOffset extends TopicPartition {
  readonly offset: number;
}

/** What the plan says for one group; lines without a group are for all. */
export function readResetPlan(text: string, path: string, group: string): PlannedOffset[] {
  const planned: PlannedOffset[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const [partition = '', offset = ''] = cells.slice(-2);
    const topic = cells.at(-3) ?? '';
    const whole = /^\d+$/.test(partition) && /^\d+$/.test(offset);
    if (cells.length < 3 || cells.length > 4 || topic === '' || !whole) {
      throw inputError(`${path}:${index + 1}: expected topic,partition,offset: ${line}`);
    }
    if (cells.length === 4 && cells[0] !== group) continue;
    planned.push({ topic, partition: Number(partition), offset: Number(offset) });
  }
  if (planned.length === 0) throw inputError(`${path}: no reset plan for group ${group} found`);
  return planned;
}

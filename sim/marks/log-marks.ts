/** Marks of logs, disks and processes: what is written, lost, recovered, truncated, deleted. */
import { atLeast, type Mark, told } from './mark.ts';

export const logMarks: readonly Mark[] = [
  told(
    {
      name: 'follower-truncates',
      needs: 'any fault or tight settings',
      doc: 'A follower cuts what parted from the leader',
    },
    'log.truncated',
    { why: 'diverged' },
  ),
  told(
    { name: 'log-replaced', needs: 'settings', doc: 'A metadata log gives way to a snapshot' },
    'log.truncated',
    { why: 'snapshot' },
  ),
  told(
    {
      name: 'truncated-to-nothing',
      needs: 'any fault or tight settings',
      doc: 'A log is cut to its beginning',
    },
    'log.truncated',
    { endOffset: 0, oldEndOffset: atLeast(1) },
  ),
  told(
    {
      name: 'leader-tells-divergence',
      needs: 'any fault',
      doc: 'A leader tells where a log parts',
    },
    'fetch.diverged',
  ),
  told(
    { name: 'recovered-clean', needs: 'process', doc: 'A log is loaded after a clean stop' },
    'log.recovered',
    { clean: 'clean' },
  ),
  told(
    { name: 'recovery-cuts', needs: 'any fault', doc: 'Recovery cuts off what is no good batch' },
    'log.cut',
  ),
  told(
    { name: 'log-start-rises', needs: 'settings', doc: 'Old segments are deleted' },
    'log.started',
  ),
  told(
    { name: 'directory-fails', needs: 'disk', doc: 'A log directory goes offline' },
    'log.dir.failed',
  ),
  told(
    { name: 'replica-moved-away', needs: 'operations', doc: 'A broker gives a moved replica up' },
    'replica.deleted',
    { why: 'reassigned' },
  ),
  told(
    { name: 'replica-of-deleted', needs: 'operations', doc: 'A broker deletes a deleted topic' },
    'replica.deleted',
    { why: 'topic-deleted' },
  ),
  told(
    { name: 'replica-stray', needs: 'operations', doc: 'A broker finds a replica nobody knows' },
    'replica.deleted',
    { why: 'stray' },
  ),
  told({ name: 'flush-fails', needs: 'disk', doc: 'A flush ends with an error' }, 'input.flushed', {
    error: (error) => error !== '',
  }),
  told(
    { name: 'crash-in-write', needs: 'process', doc: 'A process dies at a write' },
    'node.crashed',
    { operation: 'write' },
  ),
  told(
    { name: 'crash-tears-write', needs: 'process', doc: 'A process dies in the middle of a write' },
    'node.crashed',
    { operation: 'write', when: 'torn' },
  ),
  told(
    { name: 'crash-at-flush', needs: 'process', doc: 'A process dies as it flushes' },
    'node.crashed',
    { operation: 'flush' },
  ),
  told(
    { name: 'crash-at-open', needs: 'process', doc: 'A process dies as it opens a file' },
    'node.crashed',
    { operation: 'open' },
  ),
  told(
    { name: 'crash-at-rename', needs: 'process', doc: 'A process dies as it renames a file' },
    'node.crashed',
    { operation: 'rename' },
  ),
  told({ name: 'node-gives-up', needs: 'disk', doc: 'A process halts by itself' }, 'node.halted'),
  told(
    { name: 'third-boot', needs: 'process', doc: 'A node is started for the third time' },
    'input.started',
    { boot: atLeast(3) },
  ),
  told(
    {
      name: 'connection-reset',
      needs: 'any fault or tight settings',
      doc: 'A connection is reset',
    },
    'input.disconnected',
    { reason: 'reset' },
  ),
];

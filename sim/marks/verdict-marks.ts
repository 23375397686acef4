/** Marks of losses that settings or faults permit: the checks met them and could tell them apart. */
import { allowed, type Mark } from './mark.ts';

export const verdictMarks: readonly Mark[] = [
  allowed({ name: 'allowed-acks-0', needs: 'settings', doc: 'acks=0 cost something' }, /^acks=0$/),
  allowed({ name: 'allowed-acks-1', needs: 'settings', doc: 'acks=1 cost something' }, /^acks=1$/),
  allowed(
    { name: 'allowed-no-idempotence', needs: 'settings', doc: 'A retry cost order or doubled' },
    /^enable\.idempotence=false$/,
  ),
  allowed(
    { name: 'allowed-unclean', needs: 'settings', doc: 'An unclean election cost something' },
    /^unclean\.leader\.election\.enable=true$/,
  ),
  allowed(
    { name: 'allowed-elr-off', needs: 'settings', doc: 'Without ELR a power cut cost something' },
    /^feature\.eligible\.leader\.replicas\.version=0$/,
  ),
  allowed(
    {
      name: 'allowed-all-crashed',
      needs: 'process',
      doc: 'All that were in sync or eligible crashed',
    },
    /^unclean stop of every/,
  ),
  allowed(
    { name: 'allowed-losses-at-once', needs: 'any fault', doc: 'All in-sync replicas lost data' },
    /^data loss on \d+ in-sync/,
  ),
  allowed(
    { name: 'allowed-lost-disk', needs: 'disk', doc: 'A lost disk cost something' },
    /^a lost disk/,
  ),
  allowed({ name: 'allowed-bit-rot', needs: 'disk', doc: 'Bit rot cost something' }, /^bit rot/),
  allowed(
    { name: 'allowed-retention', needs: 'settings', doc: 'Retention took acknowledged records' },
    /^retention$/,
  ),
  allowed(
    { name: 'allowed-topic-deleted', needs: 'operations', doc: 'Records went with their topic' },
    /^topic deletion$/,
  ),
];

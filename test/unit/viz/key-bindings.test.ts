import { expect, test } from 'vitest';
import { type Command, key, shift } from '../../../viz/app/command.ts';
import { chordWords, KeyBindings } from '../../../viz/app/key-bindings.ts';

function command(id: string, keys: Command['keys']): Command {
  return { id, words: id, group: 'Page', keys, run: () => undefined };
}

const next = command('next', [key('KeyV')]);
const previous = command('previous', [shift('KeyV')]);
const commands = [next, previous];

function storage(text: string | null = null) {
  const kept = { text };
  return {
    kept,
    getItem: () => kept.text,
    setItem: (_key: string, value: string) => {
      kept.text = value;
    },
  };
}

test('a key with and without Shift are two keys', () => {
  const bindings = new KeyBindings(commands, null);
  expect(bindings.find(key('KeyV'))).toBe(next);
  expect(bindings.find(shift('KeyV'))).toBe(previous);
  expect(bindings.find(key('KeyX'))).toBeNull();
});

test('a key that is bound anew does nothing else any more, also after a reload', () => {
  const place = storage();
  new KeyBindings(commands, place).bind(next, shift('KeyV'));

  const bindings = new KeyBindings(commands, place);

  expect(bindings.find(shift('KeyV'))).toBe(next);
  expect(bindings.find(key('KeyV'))).toBeNull();
  expect(bindings.keysOf(previous)).toEqual([]);
  bindings.reset();
  expect(new KeyBindings(commands, place).find(shift('KeyV'))).toBe(previous);
});

test.each(['no JSON', '[]', '{"next":"KeyV"}', 'null'])(
  'bindings that cannot be read count as none: %s',
  (text) => {
    expect(new KeyBindings(commands, storage(text)).find(key('KeyV'))).toBe(next);
  },
);

test('keys are named as they stand on the keyboard at hand', () => {
  const azerty = new Map([['KeyQ', 'a']]);
  expect(chordWords(key('KeyQ'), azerty)).toEqual(['A']);
  expect(chordWords({ code: 'KeyK', ctrl: true }, null)).toEqual(['Ctrl', 'K']);
  expect(chordWords(shift('ArrowLeft'), null)).toEqual(['Shift', '←']);
});

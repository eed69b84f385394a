import { describe, expect, test } from 'vitest';
import type { Command } from './commands.ts';
import { createKeyReader, type KeyPress, SEQUENCE_MS } from './key-reader.ts';

const command = (id: string, ...keys: string[]): Command => ({
  id,
  title: id,
  group: 'everywhere',
  keys,
  run: () => undefined,
});

const COMMANDS = [
  command('palette', 'Mod+K'),
  command('live', 'G L'),
  command('alerts', 'G A'),
  command('acknowledge', 'A'),
  command('table', 'T'),
  command('trackers', 'G T'),
  command('filter', '/'),
  command('keys', '?'),
  command('back', 'Escape'),
  command('region', 'F6'),
];

function keyboard(mayUseLetters = true, commands: readonly Command[] = COMMANDS) {
  const reader = createKeyReader({ mayUseLetters: () => mayUseLetters });
  let timeMs = 0;
  return {
    wait: (ms: number) => void (timeMs += ms),
    press(key: string, parts: Partial<KeyPress> = {}) {
      const press = {
        key,
        isMod: false,
        isAlt: false,
        isShift: false,
        isTyping: false,
        timeMs,
        ...parts,
      };
      return reader.read(press, commands).command?.id ?? null;
    },
  };
}

describe('sequences', () => {
  test('G then L goes to live, G alone does nothing', () => {
    const { press } = keyboard();
    expect([press('g'), press('l')]).toEqual([null, 'live']);
  });

  test('the second key means the sequence, not its own command', () => {
    const { press } = keyboard();
    expect([press('g'), press('a')]).toEqual([null, 'alerts']);
    expect(press('a')).toBe('acknowledge');
  });

  test('a second key that comes too late stands for itself', () => {
    const { press, wait } = keyboard();
    press('g');
    wait(SEQUENCE_MS + 1);
    expect(press('t')).toBe('table');
  });

  test('a second key that fits nothing ends the sequence', () => {
    const { press } = keyboard();
    expect([press('g'), press('x'), press('l')]).toEqual([null, null, null]);
  });

  test('Shift between the keys is no key', () => {
    const { press } = keyboard();
    expect([press('g'), press('Shift'), press('L')]).toEqual([null, null, 'live']);
  });
});

test('Shift and a key without a character are another key', () => {
  const { press } = keyboard(true, [command('on', 'F6'), command('back', 'Shift+F6')]);
  expect([press('F6'), press('F6', { isShift: true })]).toEqual(['on', 'back']);
});

test('letters do not depend on capitals', () => {
  const { press } = keyboard();
  expect([press('t'), press('T')]).toEqual(['table', 'table']);
});

test('characters are text where text is typed, other keys are not', () => {
  const { press } = keyboard();
  const typing = { isTyping: true };
  expect([press('a', typing), press('/', typing), press('?', typing)]).toEqual([null, null, null]);
  expect(press('k', { ...typing, isMod: true })).toBe('palette');
  expect([press('Escape', typing), press('F6', typing)]).toEqual(['back', 'region']);
});

test('with characters switched off the others still work', () => {
  const { press } = keyboard(false);
  expect([press('a'), press('?'), press('g'), press('l')]).toEqual([null, null, null, null]);
  expect([press('k', { isMod: true }), press('F6')]).toEqual(['palette', 'region']);
});

test('a key with Ctrl or Alt is not the letter', () => {
  const { press } = keyboard();
  expect([press('a', { isMod: true }), press('a', { isAlt: true })]).toEqual([null, null]);
});

test('a command that cannot be done now, or that a page hears itself, is not run', () => {
  const off = [
    { ...command('a', 'A'), isEnabled: false },
    { ...command('b', 'B'), run: null },
  ];
  const { press } = keyboard(true, off);
  expect([press('a'), press('b')]).toEqual([null, null]);
});

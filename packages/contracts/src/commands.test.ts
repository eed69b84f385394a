import { describe, expect, test } from 'vitest';
import {
  encodeCommandAnswer,
  encodeCommandMessage,
  MAX_COMMAND_MESSAGE_BYTES,
  parseCommandAnswer,
  parseCommandMessage,
} from './commands.ts';

const ask = { type: 'ask', commandId: 'c1', tenantId: 1, trackerId: 7 } as const;
const send = { ...ask, type: 'send', holder: 'host/1/x', kind: 'locate' } as const;
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('the messages of a command', () => {
  test('are read as they were written', () => {
    expect(parseCommandMessage(encodeCommandMessage(ask))).toEqual({ version: 1, ...ask });
    expect(parseCommandMessage(encodeCommandMessage(send))).toEqual({ version: 1, ...send });
    const held = { type: 'held', commandId: 'c1', holder: 'host/1/x', sinceMs: 5 } as const;
    expect(parseCommandAnswer(encodeCommandAnswer(held))).toEqual({ version: 1, ...held });
    const gone = { type: 'outcome', commandId: 'c1', holder: 'h', outcome: 'gone' } as const;
    expect(parseCommandAnswer(encodeCommandAnswer(gone))).toEqual({ version: 1, ...gone });
  });

  test('may carry fields of a newer release', () => {
    expect(parseCommandMessage(bytesOf({ version: 1, ...ask, urgency: 3 }))).toMatchObject(ask);
  });

  test.each([
    ['of another version', { version: 2, ...ask }],
    ['with a command that this release does not know', { version: 1, ...send, kind: 'reboot' }],
    ['without a tracker', { version: 1, ...ask, trackerId: undefined }],
    ['of another type', { version: 1, ...ask, type: 'held' }],
  ])('%s are passed over', (_, value) => {
    expect(parseCommandMessage(bytesOf(value))).toBeNull();
  });

  test('that are too long or no JSON are passed over', () => {
    const long = { version: 1, ...ask, padding: 'x'.repeat(MAX_COMMAND_MESSAGE_BYTES) };
    expect(parseCommandMessage(bytesOf(long))).toBeNull();
    expect(parseCommandMessage(new Uint8Array([0x7b, 0xff]))).toBeNull();
    expect(parseCommandAnswer(bytesOf(long))).toBeNull();
  });
});

/** Contract: keys with compare-and-set, and broadcasts. */
import { describe, expect, test, vi } from 'vitest';
import { MAX_RECORD_BYTES } from '../port.ts';
import { bytes, text, type Present } from './subject.ts';

/** Keys. */
export function keyRules(present: Present): void {
  describe('keys', () => {
    test('a key that was never set is null', async () => {
      const log = await present().open();
      expect(await log.getKey('nothing')).toBeNull();
      expect(await log.deleteKey('nothing', 1)).toBe(false);
      expect(await log.setKey('nothing', bytes('x'), 1)).toBeNull();
      expect(await log.getKey('nothing')).toBeNull();
    });

    test('a value is set only against the present revision', async () => {
      const log = await present().open();
      const first = await log.setKey('key', bytes('one'), null);
      expect(await log.setKey('key', bytes('again'), null)).toBeNull();
      const second = await log.setKey('key', bytes('two'), first);
      expect(await log.setKey('key', bytes('late'), first)).toBeNull();
      const entry = await log.getKey('key');
      expect([text(entry?.value ?? bytes('')), entry?.revision]).toEqual(['two', second]);
    });

    test('of many that set a key at once exactly one wins', async () => {
      const log = await present().open();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) => log.setKey('race', bytes(`${index}`), null)),
      );
      const winners = outcomes.flatMap((revision, index) => (revision === null ? [] : [index]));
      expect(winners).toHaveLength(1);
      const entry = await log.getKey('race');
      expect(text(entry?.value ?? bytes(''))).toBe(`${winners[0]}`);
      expect(entry?.revision).toBe(outcomes[winners[0] ?? -1]);
    });

    test('a key is removed only against the present revision', async () => {
      const log = await present().open();
      const first = await log.setKey('key', bytes('one'), null);
      const second = await log.setKey('key', bytes('two'), first);
      expect(await log.deleteKey('key', first ?? 0)).toBe(false);
      expect(await log.deleteKey('key', second ?? 0)).toBe(true);
      expect(await log.getKey('key')).toBeNull();
    });

    test('a key made again never shows an old revision, so an old holder cannot set it', async () => {
      const log = await present().open();
      const first = await log.setKey('key', bytes('one'), null);
      await log.deleteKey('key', first ?? 0);
      const again = await log.setKey('key', bytes('two'), null);
      expect(again).not.toBe(first);
      expect(await log.setKey('key', bytes('stale'), first)).toBeNull();
    });

    test('keys, values and revisions survive a reopening', async () => {
      const before = await present().open();
      const revision = await before.setKey('key', bytes('kept'), null);
      const gone = await before.setKey('gone', bytes('x'), null);
      await before.deleteKey('gone', gone ?? 0);
      await before.close();
      const log = await present().open();
      const entry = await log.getKey('key');
      expect([text(entry?.value ?? bytes('')), entry?.revision]).toEqual(['kept', revision]);
      expect(await log.getKey('gone')).toBeNull();
      expect(await log.setKey('key', bytes('next'), revision)).toBeGreaterThan(revision ?? 0);
    });

    test('a value over the limit is refused with RECORD_TOO_LARGE', async () => {
      const log = await present().open();
      const tooLarge = new Uint8Array(MAX_RECORD_BYTES + 1);
      await expect(log.setKey('key', tooLarge, null)).rejects.toMatchObject({
        code: 'RECORD_TOO_LARGE',
      });
    });
  });
}

/** Broadcasts. */
export function broadcastRules(present: Present): void {
  describe('broadcasts', () => {
    test('reach every present subscriber of the subject, in order, and nobody else', async () => {
      const log = await present().open();
      const heard: string[][] = [[], [], []];
      log.subscribe('registry', (payload) => heard[0]?.push(text(payload)));
      log.subscribe('registry', (payload) => heard[1]?.push(text(payload)));
      log.subscribe('other', (payload) => heard[2]?.push(text(payload)));
      log.broadcast('registry', bytes('one'));
      log.broadcast('registry', bytes('two'));
      log.broadcast('other', bytes('three'));
      const expected = [['one', 'two'], ['one', 'two'], ['three']];
      await vi.waitFor(() => expect(heard).toEqual(expected));
    });

    test('are not kept: who subscribes later or has left hears nothing', async () => {
      const log = await present().open();
      const heard: string[] = [];
      const leave = log.subscribe('registry', () => heard.push('the one who left'));
      leave();
      log.broadcast('registry', bytes('missed'));
      await vi.waitFor(async () => expect(await log.getKey('nothing')).toBeNull());
      log.subscribe('registry', (payload) => heard.push(text(payload)));
      log.broadcast('registry', bytes('heard'));
      await vi.waitFor(() => expect(heard).toEqual(['heard']));
    });

    test('a subscriber that throws does not keep the others from hearing', async () => {
      const log = await present().open();
      const heard: string[] = [];
      log.subscribe('registry', () => {
        throw new Error('a subscriber that fails');
      });
      log.subscribe('registry', (payload) => heard.push(text(payload)));
      log.broadcast('registry', bytes('hint'));
      await vi.waitFor(() => expect(heard).toEqual(['hint']));
    });
  });
}

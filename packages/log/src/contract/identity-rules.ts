/** Contract: the identity of a log. */
import { describe, expect, test } from 'vitest';
import type { LogSubject, Present } from './subject.ts';

/** The identity. */
export function identityRules(subject: LogSubject, present: Present): void {
  describe('the identity', () => {
    test('stays the same when the log is opened again', async () => {
      const before = await present().open();
      const { identity } = before;
      await before.close();
      expect((await present().open()).identity).toBe(identity);
      expect(identity.length).toBeGreaterThanOrEqual(16);
    });

    test('of two logs differs', async () => {
      const { identity } = await present().open();
      const other = await subject.create();
      try {
        expect((await other.open()).identity).not.toBe(identity);
      } finally {
        await other.remove();
      }
    });
  });
}

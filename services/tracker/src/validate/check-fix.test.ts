import { FLAG, MAX_FUTURE_MS, ROW, RowDraft } from '@followme/model';
import { expect, test } from 'vitest';
import { checkFix } from './check-fix.ts';

const RECEIVED_MS = 1_700_000_000_000;

function checked(fixTimeMs: number): RowDraft {
  const draft = new RowDraft();
  draft.reset();
  draft.setFixTimeMs(fixTimeMs);
  draft.seal();
  checkFix(draft, RECEIVED_MS);
  return draft;
}

test('a fix up to two minutes ahead keeps its time', () => {
  expect(checked(RECEIVED_MS + MAX_FUTURE_MS).fixTimeMs).toBe(RECEIVED_MS + MAX_FUTURE_MS);
  expect(checked(0).fixTimeMs).toBe(0);
});

test('a fix from the future takes the received time, is flagged and keeps its raw time', () => {
  const draft = checked(RECEIVED_MS + MAX_FUTURE_MS + 1);
  expect(draft.fixTimeMs).toBe(RECEIVED_MS);
  expect((draft.bytes[ROW.flags] ?? 0) & FLAG.timeSuspect).not.toBe(0);
  expect(draft.bytes.toString('latin1', 64, draft.length)).toBe(
    `{"rawFixTimeMs":${RECEIVED_MS + MAX_FUTURE_MS + 1}}`,
  );
});

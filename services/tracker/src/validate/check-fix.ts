/**
 * Stage "validate": what a decoder cannot judge because it has no clock. Places and units were checked
 * where the bytes were read.
 */
import { FLAG, type RowDraft } from '@followme/model';

/** A fix may lie this far in the future before its clock is called impossible (architecture §4), ms. */
export const MAX_FUTURE_MS = 120_000;

/**
 * Checks the time of a sealed fix against the time it was received. A fix from the future keeps its raw
 * time as an attribute, takes the received time and is flagged `timeSuspect`: nothing behind this stage ever
 * sees a time later than received + 2 min.
 */
export function checkFix(draft: RowDraft, receivedTimeMs: number): void {
  const fixTimeMs = draft.fixTimeMs;
  if (fixTimeMs <= receivedTimeMs + MAX_FUTURE_MS) return;
  draft.amendNumber('rawFixTimeMs', fixTimeMs);
  draft.setFlag(FLAG.timeSuspect);
  draft.setFixTimeMs(receivedTimeMs);
}

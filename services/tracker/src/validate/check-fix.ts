/**
 * Stage "validate": what a decoder cannot judge because it has no clock. Places and units were checked
 * where the bytes were read.
 */
import { FLAG, plausibleFixTimeMs, type RowDraft } from '@followme/model';

/**
 * Checks the time of a sealed fix against the time it was received. A fix from the future keeps its raw
 * time as an attribute, takes the received time and is flagged `timeSuspect`: nothing behind this stage ever
 * sees a time later than received + 2 min.
 */
export function checkFix(draft: RowDraft, receivedTimeMs: number): void {
  const fixTimeMs = draft.fixTimeMs;
  const plausibleMs = plausibleFixTimeMs(fixTimeMs, receivedTimeMs);
  if (plausibleMs === fixTimeMs) return;
  draft.amendNumber('rawFixTimeMs', fixTimeMs);
  draft.setFlag(FLAG.timeSuspect);
  draft.setFixTimeMs(plausibleMs);
}

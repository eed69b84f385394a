/** The period of a list over time. */
import { err, ok, type Result } from '@followme/model';

/** Length of the period when its begin is left out. */
const DEFAULT_PERIOD_MS = 24 * 3_600_000;

/** Reads from (inclusive) and to (exclusive); without them the 24 hours up to now. */
export function parsePeriod(
  query: { readonly from?: string; readonly to?: string },
  nowMs: number,
): Result<{ readonly fromMs: number; readonly toMs: number }, 'PERIOD_INVALID'> {
  const toMs = query.to === undefined ? nowMs : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - DEFAULT_PERIOD_MS : Date.parse(query.from);
  return fromMs < toMs ? ok({ fromMs, toMs }) : err('PERIOD_INVALID');
}

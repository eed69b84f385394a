/** A fix may lie this far after its reception before its clock is called impossible, ms. */
export const MAX_FUTURE_MS = 120_000;

/**
 * The time by which a fix counts: its own, or that of its reception when a wrong clock puts it more than
 * `MAX_FUTURE_MS` after it. Otherwise one fix from the future would make all later ones late.
 */
export function plausibleFixTimeMs(fixTimeMs: number, receivedTimeMs: number): number {
  return fixTimeMs <= receivedTimeMs + MAX_FUTURE_MS ? fixTimeMs : receivedTimeMs;
}

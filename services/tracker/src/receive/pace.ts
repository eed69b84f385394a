/**
 * How fast somebody may send: a bucket that fills at a steady rate and holds so much for a burst. Taking more than
 * there is leaves a debt; how long until it is paid is what tells whoever asks to wait.
 */
export class Pace {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(limits: { readonly perSecond: number; readonly burst: number }, nowMs: number) {
    this.#perSecond = limits.perSecond;
    this.#burst = limits.burst;
    this.#tokens = limits.burst;
    this.#atMs = nowMs;
  }

  /** Takes `amount`, also when there is less. A clock that went back gives nothing. */
  take(amount: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#tokens -= amount;
  }

  /** How long until nothing is owed, ms; 0 when nothing is. */
  debtMs(nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1_000;
  }

  /** More is owed than a whole burst. */
  isFarBehind(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens < -this.#burst;
  }

  #fill(nowMs: number): void {
    const sinceMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    if (sinceMs <= 0) return;
    this.#tokens = Math.min(this.#burst, this.#tokens + (sinceMs / 1_000) * this.#perSecond);
  }
}

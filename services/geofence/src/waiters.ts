import { AbortError } from '@followme/platform';

/** Lets some parts wait until another part made a condition true. */
export class Waiters {
  readonly #waiting = new Set<() => void>();

  /** Something changed: everybody looks at their condition again. */
  wake(): void {
    for (const look of this.#waiting) look();
  }

  /**
   * Resolves when `holds` answers true, asked now and after each `wake`.
   * @throws AbortError when `signal` aborts first.
   */
  until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(new AbortError('waiting'));
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', onAbort);
      };
      const look = (): void => {
        if (!holds()) return;
        finish();
        resolve();
      };
      const onAbort = (): void => {
        finish();
        reject(new AbortError('waiting'));
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

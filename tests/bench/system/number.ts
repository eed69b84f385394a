/** One line of the result. */
export interface Measured {
  /** What was measured, on which engines, and what an acknowledgement of theirs survives. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Null for what only explains another number. */
  readonly bar: number | null;
  readonly better: 'higher' | 'lower';
}

/** With two digits behind the point. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

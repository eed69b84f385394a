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

/** The numbers as a table for a decision record; a bar that was missed is bold. */
export function tableOf(measured: readonly Measured[]): string {
  const rows = measured.map(({ name, value, unit, bar, better }) => {
    const meets = bar === null || (better === 'higher' ? value >= bar : value <= bar);
    return `| ${name} | ${meets ? value : `**${value}**`} | ${bar ?? ''} | ${unit} |`;
  });
  return ['| what | measured | bar | unit |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

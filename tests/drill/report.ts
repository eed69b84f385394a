/** The drill's results, as JSON and as a table. */
import { countOf, type Issue } from './oracle/issues.ts';
import type { Verdict } from './oracle/judge.ts';
import type { Fault, FaultNotes } from './faults/fault.ts';

/** One line of the table. */
export interface FaultResult {
  readonly name: string;
  readonly about: string;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** From the acknowledgement of a fix to its event in the stream, the longest, ms; see `Verdict`. */
  readonly longestDelayMs: number;
  /** From a fix to its acknowledgement, the longest, ms. */
  readonly longestAckMs: number;
  readonly fixes: number;
  readonly events: number;
  /** From the last fix until everything was there, ms. */
  readonly settleMs: number;
  /** Our processes that ended by themselves. */
  readonly unexpectedEnds: number;
  readonly notes: FaultNotes;
  /** The first issues in words. */
  readonly issues: readonly string[];
  /** Why it could not be made, or what went wrong besides. */
  readonly failure: string | null;
}

export interface DrillReport {
  readonly seed: string;
  readonly trackers: number;
  readonly durationS: number;
  readonly fixes: number;
  readonly events: number;
  readonly ok: boolean;
  /** Faults that were not made, and why. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  readonly faults: readonly FaultResult[];
}

/** So many issues of each kind and place are told. */
const MAX_TOLD = 4;

function firstOfEach(issues: readonly Issue[]): Issue[] {
  const counts = new Map<string, number>();
  return issues.filter(({ kind, place }) => {
    const count = (counts.get(`${kind} ${place}`) ?? 0) + 1;
    counts.set(`${kind} ${place}`, count);
    return count <= MAX_TOLD;
  });
}

/** How an issue reads. */
const tell = ({ kind, place, about }: Issue): string => `${kind} in ${place}: ${about}`;

export function resultOf(
  fault: Pick<Fault, 'name' | 'about'>,
  verdict: Verdict,
  more: Pick<FaultResult, 'notes' | 'failure' | 'unexpectedEnds'>,
): FaultResult {
  const { issues, missing, fixes, events, longestDelayMs, longestAckMs, settleMs } = verdict;
  const told = firstOfEach(issues).map(tell);
  return {
    name: fault.name,
    about: fault.about,
    lost: countOf(issues, 'lost'),
    doubled: countOf(issues, 'doubled'),
    outOfOrder: countOf(issues, 'outOfOrder'),
    longestDelayMs,
    longestAckMs,
    fixes,
    events,
    settleMs,
    ...more,
    issues: missing === '' ? told : [missing, ...told],
  };
}

export const isClean = (result: FaultResult): boolean =>
  result.lost + result.doubled + result.outOfOrder === 0 && result.failure === null;

/** The table as text. */
export function tableOf({ faults, fixes, events, seed, leftOut }: DrillReport): string {
  const head = [
    'fault',
    'lost',
    'doubled',
    'out of order',
    'longest delay',
    'fixes',
    'events',
    'notes',
  ];
  const rows = faults.map((fault) => [
    fault.name,
    String(fault.lost),
    String(fault.doubled),
    String(fault.outOfOrder),
    `${fault.longestDelayMs} ms`,
    String(fault.fixes),
    String(fault.events),
    [
      ...Object.entries(fault.notes).map(([name, value]) => `${name} ${value}`),
      ...(fault.failure === null ? [] : [fault.failure]),
    ].join(', '),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [
    line(head),
    rule,
    ...rows.map(line),
    '',
    `${faults.length} faults, ${fixes} fixes, ${events} events, seed ${seed}`,
    ...leftOut.map(({ name, why }) => `left out: ${name}: ${why}`),
  ].join('\n');
}

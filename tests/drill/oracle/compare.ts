/** Compares what is there with what must be there. Pure. */
import type { ExpectedEvent } from './expectation.ts';
import type { Issue, IssuePlace } from './issues.ts';

/** An event as a table or a stream tells it. */
export interface SeenEvent {
  readonly eventId: string;
  readonly eventSeq: number;
  readonly kind: string;
  readonly fence: string;
  readonly initial: boolean;
  readonly fixTimeMs: number;
}

/** What is expected once and seen another number of times. `what` names the thing. */
export function compareOnce(
  place: IssuePlace,
  expected: ReadonlySet<string>,
  seen: readonly string[],
): Issue[] {
  const counts = new Map<string, number>();
  for (const key of seen) counts.set(key, (counts.get(key) ?? 0) + 1);
  const issues: Issue[] = [];
  for (const key of expected) {
    if (!counts.has(key)) issues.push({ kind: 'lost', place, about: key });
  }
  for (const [key, count] of counts) {
    const more = count - (expected.has(key) ? 1 : 0);
    for (let nth = 0; nth < more; nth += 1) {
      issues.push({ kind: 'doubled', place, about: nth === 0 ? key : `${key} #${nth + 1}` });
    }
  }
  return issues;
}

const keyOf = (event: Omit<SeenEvent, 'eventId' | 'eventSeq'>): string =>
  `${event.kind} ${event.fence} ${event.fixTimeMs}${event.initial ? ' initial' : ''}`;

/**
 * The events of one tracker, `seen` in the order in which they lie there, against all that are expected: each once,
 * numbers from 1 without a gap, in the order of the journey.
 */
export function compareEvents(
  place: 'events' | 'stream',
  tracker: number,
  { expected, seen }: { expected: readonly ExpectedEvent[]; seen: readonly SeenEvent[] },
): Issue[] {
  const isAsExpected =
    expected.length === seen.length &&
    seen.every((event, at) => {
      const wanted = expected[at];
      return wanted !== undefined && event.eventSeq === at + 1 && keyOf(event) === keyOf(wanted);
    });
  if (isAsExpected) return [];
  const about = (key: string): string => `tracker ${tracker}: ${key}`;
  const issues = compareOnce(
    place,
    new Set(expected.map((event) => about(keyOf(event)))),
    seen.map((event) => about(keyOf(event))),
  );
  let last: SeenEvent | null = null;
  for (const event of seen) {
    const isInOrder =
      event.eventSeq === (last?.eventSeq ?? 0) + 1 && event.fixTimeMs >= (last?.fixTimeMs ?? 0);
    // one that is lost leaves a gap in the order too: it counts once, as lost
    if (!isInOrder && event.eventSeq <= (last?.eventSeq ?? 0)) {
      issues.push({ kind: 'outOfOrder', place, about: about(`${event.eventSeq} ${keyOf(event)}`) });
    } else if (!isInOrder && place === 'events') {
      issues.push({ kind: 'outOfOrder', place, about: about(`before ${event.eventSeq}`) });
    }
    last = event;
  }
  return issues;
}

/**
 * What an occurrence does to the cards of its key: makes one, counts on it, opens it again, or nothing. Pure:
 * the same matches on the same cards at the same time give the same outcome, so a transaction may be run again.
 */
import type { CardToWrite, RaisedAlert } from '@followme/store';
import type { Match } from './match-rules.ts';

/** The history says at most this often that something happened again, ms; the counter is exact. */
const REPEAT_ENTRY_EVERY_MS = 60_000;
/** A critical alarm that was answered and comes again after so much quiet has to be answered again, ms. */
const QUIET_BEFORE_REOPEN_MS = 120_000;

/** What an occurrence did to its card. */
export type RaiseKind = 'raised' | 'repeated' | 'reopened';

/** Messages that are due because of an occurrence. */
export interface MessageOrder {
  readonly match: Match;
  /** The card as the occurrence left it; later ones of the same transaction change it further. */
  readonly card: RaisedAlert;
  readonly kind: RaiseKind;
  /** The receivers of the rule are told now; false within the cool-down. */
  readonly tells: boolean;
  /** Those of the escalation are told at this time unless somebody answers; null when there is none. */
  readonly escalatesMs: number | null;
}

/** A card as it has to be written, its history and its messages. */
export interface RaisedCard extends CardToWrite {
  readonly orders: readonly MessageOrder[];
}

/** What the matches of one transaction do. */
export interface Raising {
  readonly cards: readonly RaisedCard[];
  /** How many occurrences did what, and how many were passed over or did not tell. */
  readonly counts: Readonly<Record<RaiseKind | 'resent' | 'late' | 'coolDown', number>>;
}

interface Draft {
  card: RaisedAlert;
  isChanged: boolean;
  readonly entries: { kind: RaiseKind; atMs: number }[];
  readonly orders: MessageOrder[];
}

/**
 * Applies matches in order. `newest` holds the newest card of each key that has one; `nowMs` is our clock.
 */
export function raise(
  matches: readonly Match[],
  newest: readonly RaisedAlert[],
  nowMs: number,
): Raising {
  const drafts = new Map<string, Draft>();
  const done: Draft[] = [];
  for (const card of newest) drafts.set(card.key, draftOf(card));
  const counts = { raised: 0, repeated: 0, reopened: 0, resent: 0, late: 0, coolDown: 0 };
  for (const match of matches) {
    const before = drafts.get(match.key);
    if (before !== undefined && match.occurrence.timeMs <= before.card.lastTimeMs) {
      counts[passedAs(match.occurrence.timeMs, before.card)] += 1;
      continue;
    }
    const isNew = before === undefined || before.card.state === 'closed';
    if (isNew && before?.isChanged === true) done.push(before);
    const draft = isNew ? draftOf(newCard(match, before?.card ?? null, nowMs)) : before;
    const kind = isNew ? 'raised' : repeat(draft, match, nowMs);
    counts[kind] += 1;
    draft.isChanged = true;
    if (isNew) draft.entries.push({ kind, atMs: nowMs });
    const order = orderOf(draft, match, { kind, nowMs });
    if (!order.tells && match.rule !== null) counts.coolDown += 1;
    draft.orders.push(order);
    drafts.set(match.key, draft);
  }
  for (const draft of drafts.values()) if (draft.isChanged) done.push(draft);
  return { cards: done.map(({ card, entries, orders }) => ({ card, entries, orders })), counts };
}

/** Of times that the card does not name nobody knows whether they were counted on it: they came late, in order or not. */
const passedAs = (timeMs: number, { firstTimeMs, lastTimeMs }: RaisedAlert): 'resent' | 'late' =>
  timeMs === lastTimeMs || timeMs === firstTimeMs ? 'resent' : 'late';

const draftOf = (card: RaisedAlert): Draft => ({ card, isChanged: false, entries: [], orders: [] });

/** A card for the first occurrence; what is `info` asks nobody, so it is closed from the start. */
function newCard({ occurrence, rule, key }: Match, before: RaisedAlert | null, nowMs: number) {
  const { tenantId, trackerId, timeMs, lon, lat, cause } = occurrence;
  const severity = rule?.severity ?? 'critical';
  const card: RaisedAlert = {
    tenantId,
    alertId: null,
    key,
    state: severity === 'info' ? 'closed' : 'open',
    severity,
    kind: cause.kind,
    ruleId: rule?.ruleId ?? null,
    ruleName: rule?.name ?? null,
    trackerId,
    fenceId: cause.kind === 'fence' ? cause.fenceId : null,
    fenceName: cause.kind === 'fence' ? cause.fenceName : null,
    transition: cause.kind === 'fence' ? cause.transition : null,
    alarm: cause.kind === 'alarm' ? cause.alarm : null,
    occurrences: 1,
    firstTimeMs: timeMs,
    lastTimeMs: timeMs,
    raisedMs: nowMs,
    lastRaisedMs: nowMs,
    // the cool-down goes on over the end of the card before
    notifiedMs: before?.notifiedMs ?? null,
    repeatedMs: null,
    lon,
    lat,
    escalatesMs: null,
  };
  return card;
}

/** Counts an occurrence on a card that is not closed. */
function repeat(draft: Draft, { occurrence }: Match, nowMs: number): 'repeated' | 'reopened' {
  const { card } = draft;
  const isReopened =
    card.state === 'acknowledged' &&
    card.severity === 'critical' &&
    card.kind === 'alarm' &&
    nowMs - card.lastRaisedMs > QUIET_BEFORE_REOPEN_MS;
  const isNoted =
    !isReopened && (card.repeatedMs === null || nowMs - card.repeatedMs >= REPEAT_ENTRY_EVERY_MS);
  const kind = isReopened ? 'reopened' : 'repeated';
  if (isReopened || isNoted) draft.entries.push({ kind, atMs: nowMs });
  draft.card = {
    ...card,
    state: isReopened ? 'open' : card.state,
    occurrences: card.occurrences + 1,
    lastTimeMs: occurrence.timeMs,
    lastRaisedMs: nowMs,
    repeatedMs: isNoted ? nowMs : card.repeatedMs,
    // a place that is not known does not make the last known one worthless
    lon: occurrence.lon ?? card.lon,
    lat: occurrence.lat ?? card.lat,
  };
  return kind;
}

/** Who is to be told of an occurrence, and notes on the card that they are. */
function orderOf(
  draft: Draft,
  match: Match,
  at: { readonly kind: RaiseKind; readonly nowMs: number },
): MessageOrder {
  const { rule } = match;
  const { nowMs, kind } = at;
  const { notifiedMs, state } = draft.card;
  const tells =
    rule !== null && (notifiedMs === null || nowMs - notifiedMs >= rule.coolDownS * 1_000);
  const begins = kind !== 'repeated' && state === 'open';
  const escalation = rule?.escalation ?? null;
  const escalatesMs = begins && escalation !== null ? nowMs + escalation.afterS * 1_000 : null;
  draft.card = {
    ...draft.card,
    notifiedMs: tells ? nowMs : notifiedMs,
    escalatesMs: escalatesMs ?? draft.card.escalatesMs,
  };
  return { match, card: draft.card, kind, tells, escalatesMs };
}

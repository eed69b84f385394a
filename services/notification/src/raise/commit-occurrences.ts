/**
 * One transaction: the offsets of lanes, the alerts that what was read there raises, and the messages those
 * cause. Either all of it is there or nothing, so a crash at any moment repeats nothing and loses nothing.
 *
 * Rules are read by their revision inside the transaction: a rule that was written before holds, however short
 * before.
 */
import type { Lane, TenantId, TrackerId } from '@followme/model';
import type { LaneStretch, RaisingTracker, TenantRules } from '@followme/store';
import { makeDeliveries, receiversOf, type Directory } from './make-deliveries.ts';
import { matchRules, type Match } from './match-rules.ts';
import type { Occurrence } from './occurrence.ts';
import { raise, type RaisedCard, type Raising } from './raise.ts';
import type { Input, RaisingStore, RaisingTransaction } from './raising-store.ts';

/** A lane of an input that was read, and what happened in it. */
export interface InputStretch extends LaneStretch {
  readonly input: Input;
  readonly occurrences: readonly Occurrence[];
}

/** What a commit did. */
export interface CommitOutcome {
  /** Lanes that are somebody else's now, or whose commit went through before: nothing of them was written. */
  readonly fenced: readonly { readonly input: Input; readonly lane: Lane }[];
  /** Tenants whose alerts changed. */
  readonly tenantIds: readonly TenantId[];
  readonly counts: Raising['counts'];
  /** Occurrences of trackers that are not in service, or not their tenant's. */
  readonly strangers: number;
  /** Occurrences no rule is about. */
  readonly unmatched: number;
  readonly messages: number;
  /** Messages that are skipped, since too many of their tenant wait. */
  readonly overflow: number;
}

const NO_COUNTS: Raising['counts'] = {
  raised: 0,
  repeated: 0,
  reopened: 0,
  resent: 0,
  late: 0,
  coolDown: 0,
};

/** What commits need beside the transaction. */
export interface CommitDeps {
  readonly raising: RaisingStore;
  readonly publicUrl: string | null;
}

/** Commits stretches and what happened in them; remembers the rules it read. */
export function createOccurrenceCommit(deps: CommitDeps): {
  /** `also`: occurrences that come from no lane. @throws what the store throws. */
  commit(
    stretches: readonly InputStretch[],
    also: readonly Occurrence[],
    nowMs: number,
  ): Promise<CommitOutcome>;
} {
  let known: ReadonlyMap<TenantId, TenantRules> = new Map();
  return {
    async commit(stretches, also, nowMs) {
      const { outcome, rules } = await deps.raising.transact(async (transaction) => {
        const { fenced, occurrences } = await advance(transaction, stretches);
        const happened = [...occurrences, ...also];
        if (happened.length === 0) return { outcome: nothing(fenced), rules: known };
        return raiseAll(transaction, happened, { ...deps, known, fenced, nowMs });
      });
      known = new Map([...known, ...rules]);
      return outcome;
    },
  };
}

const nothing = (fenced: CommitOutcome['fenced']): CommitOutcome => ({
  fenced,
  tenantIds: [],
  counts: NO_COUNTS,
  strangers: 0,
  unmatched: 0,
  messages: 0,
  overflow: 0,
});

/** Moves the offsets; what lies in lanes that could not be moved is left out. */
async function advance(transaction: RaisingTransaction, stretches: readonly InputStretch[]) {
  const fenced: { input: Input; lane: Lane }[] = [];
  const occurrences: Occurrence[] = [];
  for (const input of ['crossings', 'alarms'] as const) {
    const ours = stretches.filter((stretch) => stretch.input === input);
    const moved = await transaction.advance(input, ours);
    for (const stretch of ours) {
      if (moved.has(stretch.lane)) occurrences.push(...stretch.occurrences);
      else fenced.push({ input, lane: stretch.lane });
    }
  }
  return { fenced, occurrences };
}

interface RaiseContext extends CommitDeps {
  readonly known: ReadonlyMap<TenantId, TenantRules>;
  readonly fenced: CommitOutcome['fenced'];
  readonly nowMs: number;
}

async function raiseAll(
  transaction: RaisingTransaction,
  occurrences: readonly Occurrence[],
  context: RaiseContext,
) {
  const trackers = new Map(
    (await transaction.trackers(unique(occurrences.map((o) => o.trackerId)))).map((tracker) => [
      tracker.trackerId,
      tracker,
    ]),
  );
  const ours = occurrences.filter((o) => trackers.get(o.trackerId)?.tenantId === o.tenantId);
  const rules = await transaction.rules(unique(ours.map((o) => o.tenantId)), context.known);
  const matches = matchAll(ours, rules, trackers);
  const raising = await raiseMatches(transaction, matches, context.nowMs);
  const alertIds = await transaction.writeCards(raising.cards);
  const directory = await loadDirectory(transaction, raising.cards, { trackers, ...context });
  const messages = raising.cards.flatMap((card, place) => {
    const alertId = alertIds[place];
    return alertId === undefined ? [] : makeDeliveries(card, alertId, directory);
  });
  const { added, skipped } = await transaction.addDeliveries(messages);
  const outcome: CommitOutcome = {
    fenced: context.fenced,
    tenantIds: unique(raising.cards.map(({ card }) => card.tenantId)),
    counts: raising.counts,
    strangers: occurrences.length - ours.length,
    unmatched: ours.length - new Set(matches.map((match) => match.occurrence)).size,
    messages: added,
    overflow: skipped,
  };
  return { outcome, rules };
}

function matchAll(
  occurrences: readonly Occurrence[],
  rules: ReadonlyMap<TenantId, TenantRules>,
  trackers: ReadonlyMap<TrackerId, RaisingTracker>,
): readonly Match[] {
  return occurrences.flatMap((occurrence) =>
    matchRules(
      occurrence,
      rules.get(occurrence.tenantId)?.rules ?? [],
      trackers.get(occurrence.trackerId)?.groupIds ?? [],
    ),
  );
}

async function raiseMatches(
  transaction: RaisingTransaction,
  matches: readonly Match[],
  nowMs: number,
): Promise<Raising> {
  if (matches.length === 0) return { cards: [], counts: NO_COUNTS };
  await transaction.holdAlerts(unique(matches.map(({ occurrence }) => occurrence.tenantId)));
  const wanted = new Map(
    matches.map(({ key, occurrence }) => [key, { key, tenantId: occurrence.tenantId }]),
  );
  return raise(matches, await transaction.newestCards([...wanted.values()]), nowMs);
}

async function loadDirectory(
  transaction: RaisingTransaction,
  cards: readonly RaisedCard[],
  context: {
    readonly trackers: ReadonlyMap<TrackerId, RaisingTracker>;
    readonly publicUrl: string | null;
  },
): Promise<Directory> {
  const { userIds, webhookIds } = receiversOf(cards);
  const people = await transaction.mailReceivers(userIds);
  const webhooks = await transaction.webhookReceivers(webhookIds);
  const voices =
    people.length + webhooks.length === 0
      ? []
      : await transaction.voices(unique(cards.map(({ card }) => card.tenantId)));
  return {
    people: new Map(people.map((person) => [person.userId, person])),
    webhooks: new Map(webhooks.map((webhook) => [webhook.webhookId, webhook])),
    voices: new Map(voices.map((voice) => [voice.tenantId, voice])),
    trackerNames: new Map([...context.trackers].map(([id, { name }]) => [id, name])),
    publicUrl: context.publicUrl,
  };
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

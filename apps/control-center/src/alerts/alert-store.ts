/**
 * Alerts that are not closed, outside React. Lists and single messages come in any order: of two words about
 * one alert the higher revision is the newer, and what was closed stays gone until it is opened again.
 */
import type { AlertReply, Severity } from '@followme/contracts';
import { repairOrder } from '../live/row-order.ts';
import { compareAlerts, isUnanswered, needsAttention, severityRank } from './alert-order.ts';

/** Who closed the last one, and when; `by` null is the system. */
interface LastClosed {
  readonly time: string;
  readonly by: string | null;
}

/** Something a person wants to hear of at once. */
export interface AlertNews {
  readonly kind: 'raised' | 'repeated' | 'reopened';
  readonly alert: AlertReply;
}

/** One moment of the store. */
export interface AlertSnapshot {
  /** What needs attention, in the order of the queue; without `info`. */
  readonly queue: readonly AlertReply[];
  /** Every alert that is not closed. */
  readonly byId: ReadonlyMap<number, AlertReply>;
  /** The loudest of each tracker that has any in the queue. */
  readonly worstByTracker: ReadonlyMap<number, Severity>;
  /** The oldest critical alert that nobody has answered. */
  readonly ringing: AlertReply | null;
  readonly lastClosed: LastClosed | null;
  /** `old`: the list could not be asked for again, what is shown may miss something. */
  readonly status: 'loading' | 'ready' | 'failed' | 'old';
}

/** See the file's heading. */
export interface AlertStore {
  snapshot(): AlertSnapshot;
  subscribe(listener: () => void): () => void;
  /** Hears what was raised, repeated or opened again; all of one list in one call. */
  subscribeNews(listener: (news: readonly AlertNews[]) => void): () => void;
  /** One alert as an answer tells it. */
  receive(alert: AlertReply): void;
  /** Several as the socket tells them; whoever listens is called once, or not at all when nothing is new. */
  receiveAll(alerts: readonly AlertReply[]): void;
  /** A list is being asked for: what is heard from here on is newer than what it may leave out. */
  beginList(): void;
  /** The answer. `isCut`: there were more, so an alert it leaves out may still be there. */
  setListed(alerts: readonly AlertReply[], isCut: boolean): void;
  listFailed(): void;
  setLastClosed(closed: LastClosed): void;
}

/** Closed alerts are remembered, so that an older word does not bring them back. */
const MAX_REMEMBERED = 2000;

function worstOf(queue: readonly AlertReply[]): ReadonlyMap<number, Severity> {
  const worst = new Map<number, Severity>();
  for (const { trackerId, severity } of queue) {
    const known = worst.get(trackerId);
    if (known === undefined || severityRank(severity) < severityRank(known)) {
      worst.set(trackerId, severity);
    }
  }
  return worst;
}

/** What is new about an alert for somebody who knew `previous`; null when it is nothing to call out. */
function newsOf(previous: AlertReply | undefined, next: AlertReply): AlertNews | null {
  if (!needsAttention(next)) return null;
  if (previous === undefined) return { kind: 'raised', alert: next };
  if (next.occurrences > previous.occurrences) return { kind: 'repeated', alert: next };
  const isBack = isUnanswered(next) && !isUnanswered(previous);
  return isBack ? { kind: 'reopened', alert: next } : null;
}

/** The alerts themselves, without those who listen. */
class AlertContents {
  readonly byId = new Map<number, AlertReply>();
  /** Closed ones that were seen, for their revision and what was said of them. */
  readonly #closed = new Map<number, AlertReply>();
  readonly #heard = new Set<number>();
  /** Came, went or changed since the queue was put in order. */
  readonly #changed = new Set<number>();
  #order: readonly number[] = [];
  #lastClosed: LastClosed | null = null;
  /** Grows with everything a snapshot would show. */
  #version = 0;

  get lastClosed(): LastClosed | null {
    return this.#lastClosed;
  }

  get version(): number {
    return this.#version;
  }

  beginList(): void {
    this.#heard.clear();
  }

  /** Takes over one alert; answers what is new about it. */
  take(alert: AlertReply): AlertNews | null {
    const previous = this.byId.get(alert.id);
    const known = previous ?? this.#closed.get(alert.id);
    this.#heard.add(alert.id);
    if (known !== undefined && known.revision >= alert.revision) return null;
    if (alert.state === 'closed') {
      this.#close(alert);
      return null;
    }
    this.#closed.delete(alert.id);
    this.byId.set(alert.id, alert);
    this.#noteChange(alert.id);
    return newsOf(known, alert);
  }

  /** Removes what a whole list does not know, unless it was heard of since the list was asked for. */
  keepOnly(listed: ReadonlySet<number>): void {
    for (const id of this.byId.keys()) {
      if (listed.has(id) || this.#heard.has(id)) continue;
      this.byId.delete(id);
      this.#noteChange(id);
    }
  }

  /** The queue in its order; what did not change keeps its place. */
  queue(): readonly AlertReply[] {
    const find = (id: number): AlertReply | undefined => {
      const alert = this.byId.get(id);
      return alert !== undefined && needsAttention(alert) ? alert : undefined;
    };
    this.#order = repairOrder(this.#order, this.#changed, { find, compare: compareAlerts });
    this.#changed.clear();
    return this.#order.map(find).filter((alert) => alert !== undefined);
  }

  noteClosed(closed: LastClosed): void {
    const known = this.#lastClosed;
    if (known !== null) {
      const isSame = known.time === closed.time && known.by === closed.by;
      if (isSame || Date.parse(closed.time) < Date.parse(known.time)) return;
    }
    this.#lastClosed = closed;
    this.#version += 1;
  }

  #noteChange(id: number): void {
    this.#changed.add(id);
    this.#version += 1;
  }

  #close(alert: AlertReply): void {
    if (this.byId.delete(alert.id)) this.#noteChange(alert.id);
    this.#closed.delete(alert.id);
    this.#closed.set(alert.id, alert);
    const [oldest] = this.#closed.keys();
    if (this.#closed.size > MAX_REMEMBERED && oldest !== undefined) this.#closed.delete(oldest);
    const { closed } = alert;
    if (closed !== null) this.noteClosed({ time: closed.time, by: closed.by?.name ?? null });
  }
}

function snapshotOf(contents: AlertContents, status: AlertSnapshot['status']): AlertSnapshot {
  const queue = contents.queue();
  const [first] = queue;
  const rings = first !== undefined && first.severity === 'critical' && isUnanswered(first);
  return {
    queue,
    byId: new Map(contents.byId),
    worstByTracker: worstOf(queue),
    ringing: rings ? first : null,
    lastClosed: contents.lastClosed,
    status,
  };
}

/** Makes an empty store. It asks nobody: `watchAlerts` and the socket feed it. */
export function createAlertStore(): AlertStore {
  const contents = new AlertContents();
  const listeners = new Set<() => void>();
  const newsListeners = new Set<(news: readonly AlertNews[]) => void>();
  let status: AlertSnapshot['status'] = 'loading';
  let current = snapshotOf(contents, status);
  let shownVersion = contents.version;

  function publish(news: readonly (AlertNews | null)[]): void {
    // what says the same as before is nothing to draw anew, and holds no news either
    if (contents.version === shownVersion && status === current.status) return;
    shownVersion = contents.version;
    current = snapshotOf(contents, status);
    for (const listener of listeners) listener();
    const told = news.filter((item) => item !== null);
    if (told.length > 0) for (const listener of newsListeners) listener(told);
  }

  return {
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribeNews(listener) {
      newsListeners.add(listener);
      return () => newsListeners.delete(listener);
    },
    receive: (alert) => publish([contents.take(alert)]),
    receiveAll: (alerts) => publish(alerts.map((alert) => contents.take(alert))),
    beginList: () => contents.beginList(),
    setListed(alerts, isCut) {
      // what was there when somebody opened the page is a queue to read, not news to call out
      const isFirst = status === 'loading' || status === 'failed';
      if (!isCut) contents.keepOnly(new Set(alerts.map(({ id }) => id)));
      const news = alerts.map((alert) => contents.take(alert));
      status = 'ready';
      publish(isFirst ? [] : news);
    },
    listFailed() {
      status = status === 'loading' || status === 'failed' ? 'failed' : 'old';
      publish([]);
    },
    setLastClosed(closed) {
      contents.noteClosed(closed);
      publish([]);
    },
  };
}

/**
 * The worker's end: takes in what the socket says, judges every tracker, and tells the page what changed. Changes
 * are collected: the first one after a pause leaves soon, then one message a second, whatever the number of positions,
 * with the marks of the map. What a person does is answered at once.
 */
import type { AlertReply } from '@followme/contracts';
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { LiveContents } from './live-contents.ts';
import {
  type Connection,
  type LiveBatch,
  type LiveCommand,
  type PostMessage,
  STALE_AFTER_MS,
} from './live-protocol.ts';
import { ageTracker, type KnownTracker } from './live-tracker.ts';
import { MarkFeed, MAX_MEMBERS } from './mark-feed.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { ROW_LENGTH, writeRow } from './row-codec.ts';
import { RowList } from './row-list.ts';
import type { SocketFrame } from './socket-frames.ts';
import { NO_COUNTS, type StateCounts } from './tracker-filter.ts';

/** How often time alone is allowed to change states. */
const SWEEP_MS = 5000;
/** The first change after a pause leaves after this. */
const FIRST_MS = 30;
const BATCH_GAP_MS = 1000;
/** Alerts that come within this time leave together. */
const ALERTS_MS = 80;

/** What the socket client feeds. */
export interface LiveFeed {
  receive(frame: SocketFrame): void;
  setConnection(connection: Connection): void;
  readonly connection: Connection;
  /** Everything the page may ask but `start`, `retryNow` and `stop`, which are the socket's. */
  command(command: LiveCommand): void;
  stop(): void;
}

interface LiveFeedDeps {
  readonly clock: BrowserClock;
  readonly post: PostMessage;
}

/** From when on nothing on the screen holds any more; Infinity while connected. */
function staleFromMs(connection: Connection): number {
  return connection.kind === 'reconnecting' ? connection.sinceMs + STALE_AFTER_MS : Infinity;
}

/** Puts what changed into a message, and forgets that it changed. */
function createBatcher(contents: LiveContents, rows: RowList) {
  let counts: StateCounts = NO_COUNTS;
  let countedVersion = '';
  let sentCrossings = contents.versions.crossings;
  return {
    make(isLoaded: boolean): LiveBatch {
      const { changed, renamed, trackers } = contents;
      const { crossings, ...versions } = contents.versions;
      // alerts change the counts though no state changed
      const version = `${versions.stateVersion}/${rows.alertsVersion}`;
      if (countedVersion !== version) counts = rows.count();
      countedVersion = version;
      const named: KnownTracker[] = [];
      const removed: number[] = [];
      const values = new Float64Array(changed.size * ROW_LENGTH);
      let length = 0;
      for (const id of changed) {
        const tracker = trackers.get(id);
        if (tracker === undefined) {
          removed.push(id);
          continue;
        }
        const { trackerId, name, groupIds } = tracker;
        if (renamed.has(id)) named.push({ trackerId, name, groupIds });
        writeRow(values, length, tracker);
        length += ROW_LENGTH;
      }
      const rowIds = rows.update({ changed, renamed });
      changed.clear();
      renamed.clear();
      const isNews = crossings !== sentCrossings;
      sentCrossings = crossings;
      return {
        type: 'batch',
        rows: values.subarray(0, length),
        named,
        removed,
        counts,
        isLoaded,
        rowIds,
        crossings: isNews ? crossings : null,
        ...versions,
      };
    },
  };
}

/** The states as time alone makes them, and whether the connection lets anybody believe them. */
function createSweeper(clock: BrowserClock, contents: LiveContents, onSwept: () => void) {
  let connection: Connection = { kind: 'connecting' };
  let cancelStale: CancelTimer = () => undefined;
  function sweep(): void {
    const nowMs = clock.nowMs();
    const isTrusted = nowMs < staleFromMs(connection);
    for (const tracker of contents.trackers.values()) {
      contents.put(ageTracker(tracker, nowMs, isTrusted));
    }
    onSwept();
  }
  const cancelSweep = clock.every(SWEEP_MS, sweep);
  return {
    setConnection(next: Connection): void {
      connection = next;
      cancelStale();
      // to the second, not at the next sweep
      const staleMs = staleFromMs(next);
      if (staleMs < Infinity) cancelStale = clock.after(staleMs - clock.nowMs(), sweep);
      if (next.kind === 'live') sweep();
    },
    stop(): void {
      cancelSweep();
      cancelStale();
    },
  };
}

/** Collects alerts for a moment; a critical one waits for nothing, unless others left just before it. */
function createAlertPost({ clock, post }: LiveFeedDeps) {
  let waiting: AlertReply[] = [];
  let leftMs = -Infinity;
  const pacer = createPacer(clock, { firstMs: ALERTS_MS, gapMs: ALERTS_MS }, () => {
    leftMs = clock.nowMs();
    post({ type: 'alerts', alerts: waiting });
    waiting = [];
  });
  return {
    receive(alert: AlertReply): void {
      waiting.push(alert);
      const isRested = Math.abs(clock.nowMs() - leftMs) >= ALERTS_MS;
      if (alert.severity === 'critical' && isRested) pacer.now();
      else pacer.soon();
    },
    stop: pacer.stop,
  };
}

interface CommandDeps {
  readonly contents: LiveContents;
  readonly rows: RowList;
  readonly marks: MarkFeed;
  readonly pacer: Pacer;
  readonly post: PostMessage;
  /** The list of trackers has come. */
  readonly onKnown: () => void;
}

/** Does what the page asks. What a person did is answered at once. */
function createCommands(deps: CommandDeps): (asked: LiveCommand) => void {
  const { contents, rows, marks, pacer, post, onKnown } = deps;
  return (asked) => {
    switch (asked.type) {
      case 'start':
        marks.setLocale(asked.locale);
        return rows.setLocale(asked.locale);
      case 'setKnown':
        contents.setKnown(asked.known);
        onKnown();
        return pacer.now();
      case 'changeAlerts':
        rows.changeAlerts(asked.changes);
        return pacer.soon();
      case 'setRows':
        rows.setRows(asked.filter, asked.sort);
        return pacer.now();
      case 'openMap':
        marks.open(asked.mapId);
        return marks.send();
      case 'closeMap':
        return marks.close();
      case 'setView':
        marks.setView(asked.view);
        return marks.send();
      case 'setSelected':
        marks.select(asked.trackerId);
        return marks.send();
      case 'askMembers': {
        const trackerIds = marks.members(asked.clusterId);
        const { requestId } = asked;
        const total = trackerIds.length;
        return post({
          type: 'members',
          requestId,
          trackerIds: trackerIds.slice(0, MAX_MEMBERS),
          total,
        });
      }
      case 'retryNow':
      case 'stop':
        return undefined;
    }
  };
}

/** Makes a feed that knows nothing yet. */
export function createLiveFeed({ clock, post }: LiveFeedDeps): LiveFeed {
  const contents = new LiveContents();
  const rows = new RowList(contents.trackers);
  const batcher = createBatcher(contents, rows);
  const marks = new MarkFeed({ trackers: contents.trackers, rows, post });
  const alerts = createAlertPost({ clock, post });
  let connection: Connection = { kind: 'connecting' };
  let connections = 0;
  let isLoaded = false;

  const pacer = createPacer(clock, { firstMs: FIRST_MS, gapMs: BATCH_GAP_MS }, () => {
    post(batcher.make(isLoaded));
    marks.send();
  });
  const sweeper = createSweeper(clock, contents, pacer.soon);
  const onKnown = (): void => {
    isLoaded = true;
  };

  const command = createCommands({ contents, rows, marks, pacer, post, onKnown });

  return {
    command,
    get connection() {
      return connection;
    },
    receive(frame) {
      if (frame.header === 'ping' || frame.header === 'unknown') return;
      if (frame.header === 'alert') return alerts.receive(frame.alert);
      contents.apply(frame, clock.nowMs());
      isLoaded ||= frame.header === 'cache';
      // seldom, and lists are asked for again because of it
      if (frame.header === 'fencesChanged') pacer.now();
      else pacer.soon();
    },
    setConnection(next) {
      connection = next;
      if (next.kind === 'live') {
        connections += 1;
        contents.forgetHeard();
      }
      post({ type: 'connection', connection, connections });
      sweeper.setConnection(next);
    },
    stop() {
      sweeper.stop();
      alerts.stop();
      pacer.stop();
    },
  };
}

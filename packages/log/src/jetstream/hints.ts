/** Broadcasts, as plain messages of NATS: each subject is subscribed to once per process. */
import type { Subscription } from '@nats-io/transport-node';
import { createBroadcaster, type Broadcaster } from '../broadcaster.ts';
import type { Connection, Session } from './connection.ts';
import type { JetStreamCounters } from './jetstream-counters.ts';
import type { LogNames } from './names.ts';

/** What broadcasts go through. */
export interface HintsDeps {
  readonly connection: Connection;
  readonly names: LogNames;
  readonly counters: JetStreamCounters;
  /** A subscriber threw. */
  onFailure(subject: string, error: unknown): void;
}

interface Heard {
  subscribers: number;
  subscription: Subscription | null;
}

/** Broadcasts: each reaches whoever listens at that moment, at most once. */
export class Hints {
  readonly #deps: HintsDeps;
  readonly #local: Broadcaster;
  readonly #heard = new Map<string, Heard>();
  /** The session all subjects are subscribed to on. */
  #session: Session | null = null;

  constructor(deps: HintsDeps) {
    this.#deps = deps;
    this.#local = createBroadcaster(deps.onFailure);
  }

  broadcast(subject: string, payload: Uint8Array): void {
    const session = this.#usable();
    if (session === null) {
      this.#deps.counters.unsentHints.inc();
      return;
    }
    // the client keeps what it is given until its next write
    session.nats.publish(this.#deps.names.hintSubject(subject), new Uint8Array(payload));
  }

  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void {
    const leave = this.#local.subscribe(subject, hear);
    const heard = this.#heard.get(subject) ?? { subscribers: 0, subscription: null };
    this.#heard.set(subject, heard);
    heard.subscribers += 1;
    const session = this.#usable();
    if (heard.subscription === null && session !== null) this.#listen(session, subject, heard);
    let isThere = true;
    return () => {
      leave();
      if (isThere) this.#leave(subject, heard);
      isThere = false;
    };
  }

  /** Uses `session` from now on; calling it twice is harmless. */
  resume(session: Session): void {
    if (this.#session === session) return;
    for (const [subject, heard] of this.#heard) this.#listen(session, subject, heard);
    this.#session = session;
  }

  close(): void {
    this.#local.close();
    this.#heard.clear();
  }

  #listen({ nats }: Session, subject: string, heard: Heard): void {
    heard.subscription = nats.subscribe(this.#deps.names.hintSubject(subject), {
      callback: (error, message) => {
        if (error === null) this.#local.broadcast(subject, message.data);
      },
    });
  }

  #leave(subject: string, heard: Heard): void {
    heard.subscribers -= 1;
    if (heard.subscribers > 0) return;
    if (this.#heard.get(subject) === heard) this.#heard.delete(subject);
    if (this.#usable() !== null) heard.subscription?.unsubscribe();
  }

  #usable(): Session | null {
    const session = this.#deps.connection.session();
    return session === null || session.nats.isClosed() ? null : session;
  }
}

/**
 * The connection to the servers, made again for ever when it is lost. Nothing is buffered across two
 * connections: who uses one is told of the next (`onSession`) and begins anew on it.
 *
 * States: `up` (a session is there) → lost, or told to move on → `down` (the servers are tried in turn, with
 * growing, jittered pauses) → `up`; `closed` ends it.
 */
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { Clock, Logger, Random } from '@followme/platform';
import { retryDelayMs } from '@followme/platform';
import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node';
import { connect } from '@nats-io/transport-node';
import { LogError } from '../port.ts';
import type { JetStreamAddress } from './address.ts';
import type { JetStreamCounters, MoveReason } from './jetstream-counters.ts';
import { loginOptions } from './login.ts';
import { connectError } from './open-errors.ts';
import { REQUEST_LIMIT_MS } from './request-limit.ts';

/** One live connection. */
export interface Session {
  readonly nats: NatsConnection;
  /** JetStream's management over this connection. */
  readonly jetstream: JetStreamManager;
}

/** What a connection is made with. */
export interface ConnectionDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly counters: JetStreamCounters;
}

/** Hears of sessions that come and go; neither may throw. */
interface SessionListener {
  onSession(session: Session): void;
  onLost(): void;
}

/** The connection to the servers, made anew for ever until it is closed. */
export interface Connection {
  /** The present session, null while there is none. */
  session(): Session | null;
  /** The present session. @throws LogError `UNAVAILABLE` while there is none. */
  demand(): Session;
  listen(listener: SessionListener): void;
  /** Gives the present session up and takes the next server: this one does not answer. */
  moveOn(reason: MoveReason): void;
  close(): Promise<void>;
}

/** Longest a server has to greet. */
const GREETING_LIMIT_MS = 3000;
/** The client's own pings, which notice a peer that is gone; our own look (`pulse.ts`) is faster. */
const PING_INTERVAL_MS = 20_000;
const CLOSE_LIMIT_MS = 2000;
const WARN_EVERY_TRIES = 20;

const RECONNECT = {
  attempts: Infinity,
  firstDelayMs: 50,
  maxDelayMs: 2000,
  isRetryable: () => true,
};

/**
 * Connects to one of the servers.
 * @throws LogOpenError when none of them can be used.
 */
export async function openConnection(
  deps: ConnectionDeps,
  address: JetStreamAddress,
): Promise<Connection> {
  const options = await loginOptions(address);
  const connection = new ServerConnection(deps, address, options);
  await connection.begin();
  return connection;
}

class ServerConnection implements Connection {
  readonly #deps: ConnectionDeps;
  readonly #address: JetStreamAddress;
  readonly #options: ConnectionOptions;
  readonly #listeners: SessionListener[] = [];
  readonly #closing = new AbortController();
  /** Known servers, the one to try next first. */
  #servers: string[];
  #session: Session | null = null;

  constructor(deps: ConnectionDeps, address: JetStreamAddress, options: ConnectionOptions) {
    this.#deps = deps;
    this.#address = address;
    this.#options = options;
    // processes spread over the servers
    const first = deps.random.integer(0, address.servers.length - 1);
    this.#servers = [...address.servers.slice(first), ...address.servers.slice(0, first)];
  }

  async begin(): Promise<void> {
    let failure: unknown = null;
    // dialling turns the list, so that it is read before
    for (const server of this.#servers.slice()) {
      try {
        await this.#dial();
        return;
      } catch (error) {
        failure = connectError(this.#address, server, error);
      }
    }
    throw failure;
  }

  session(): Session | null {
    return this.#session;
  }

  demand(): Session {
    if (this.#session === null) {
      throw new LogError('UNAVAILABLE', 'No server of the log can be reached at the moment');
    }
    return this.#session;
  }

  listen(listener: SessionListener): void {
    this.#listeners.push(listener);
  }

  moveOn(reason: MoveReason): void {
    const session = this.#session;
    if (session === null) return;
    this.#deps.counters.left(reason);
    this.#deps.logger.warn('log.serverLeft', { reason, server: session.nats.getServer() });
    this.#lose(session);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    await Promise.race([
      session.nats.drain().catch(() => session.nats.close()),
      this.#deps.clock.sleep(CLOSE_LIMIT_MS).then(() => session.nats.close()),
    ]);
  }

  /** Tries the server whose turn it is; the next one has its turn after that. */
  async #dial(): Promise<void> {
    const server = this.#servers.shift() ?? '';
    // one that a cluster told of may be out of reach from here: the next session tells of it again
    if (this.#address.servers.includes(server)) this.#servers.push(server);
    const nats = await connect({
      ...this.#options,
      servers: `${this.#address.isTls ? 'tls' : 'nats'}://${server}`,
      name: `followme ${this.#address.name}`,
      reconnect: false,
      timeout: GREETING_LIMIT_MS,
      pingInterval: PING_INTERVAL_MS,
      noAsyncTraces: true,
    });
    if (this.#closing.signal.aborted) {
      await nats.close();
      return;
    }
    const jetstream = await jetstreamManager(nats, {
      checkAPI: false,
      timeout: REQUEST_LIMIT_MS,
    });
    const session = { nats, jetstream };
    this.#session = session;
    this.#learnServers(nats, server);
    void nats.closed().then(() => this.#lose(session));
    void this.#hearStatus(session);
    for (const listener of this.#listeners) listener.onSession(session);
  }

  /**
   * A cluster names its members. Who was told several trusts that list: the same servers by other addresses would be
   * tried twice. Over TLS the bare addresses of the others would not match a certificate.
   */
  #learnServers({ info }: NatsConnection, present: string): void {
    const { servers, isTls } = this.#address;
    if (servers.length > 1 || isTls || info?.tls_required === true) return;
    const told = [...(info?.connect_urls ?? []), present];
    this.#servers.push(...told.filter((server) => !this.#servers.includes(server)));
  }

  async #hearStatus(session: Session): Promise<void> {
    for await (const status of session.nats.status()) {
      if (status.type === 'ldm' && this.#session === session) this.moveOn('lameDuck');
      if (status.type === 'error')
        this.#deps.logger.warn('log.serverError', { error: status.error });
      if (status.type === 'update') this.#learnServers(session.nats, session.nats.getServer());
    }
  }

  #lose(session: Session): void {
    if (this.#session !== session || this.#closing.signal.aborted) return;
    this.#session = null;
    void session.nats.close();
    for (const listener of this.#listeners) listener.onLost();
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { clock, random, logger, counters } = this.#deps;
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      try {
        await clock.sleep(
          retryDelayMs(RECONNECT, Math.min(attempt, 10), random),
          this.#closing.signal,
        );
        await this.#dial();
        counters.reconnects.inc();
        logger.info('log.reconnected', { server: this.#session?.nats.getServer(), attempt });
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (attempt % WARN_EVERY_TRIES === 1) logger.warn('log.unreachable', { attempt, error });
      }
    }
  }
}

/**
 * One TCP link with a fault in it: between a device and its tracker process, or a process and an engine. Bytes are
 * never lost or reordered inside a connection, as TCP never does; they come late, slowly, or the connection ends.
 *
 * - `pass`: as if it were not there.
 * - `slow`: every chunk is late by `latencyMs` ± `jitterMs`; with `lossPercent` a chunk waits for one or more
 *   retransmissions and all behind it wait too; with `bytesPerSecond` it takes its time.
 * - `blackHole`: nothing arrives and nobody is told; what was sent meanwhile arrives when it ends.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from '@followme/platform';

export type LinkMode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'blackHole' }
  | {
      readonly kind: 'slow';
      readonly latencyMs: number;
      readonly jitterMs: number;
      readonly lossPercent?: number;
      readonly bytesPerSecond?: number;
    };

/**
 * How connections end: both sides get a reset; or only one side gets it and the other is left with a connection
 * that nobody answers on.
 */
export type Cut = 'reset' | 'muteNear' | 'muteFar';

export interface LinkTarget {
  readonly host: string;
  readonly port: number;
}

const RETRANSMIT_MS = 200;
const MAX_RETRANSMITS = 4;
/** More than this on its way in one direction and the sender is no longer read. */
const MAX_QUEUED_BYTES = 1_000_000;

interface Late {
  readonly chunk: Buffer | null;
  readonly atMs: number;
}

/** One direction of a connection. `null` in the queue is the end of the stream. */
class Direction {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #link: Link;
  readonly #queue: Late[] = [];
  #queuedBytes = 0;
  #lastAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(from: Socket, to: Socket, link: Link) {
    this.#from = from;
    this.#to = to;
    this.#link = link;
    from.on('data', (chunk: Buffer) => this.#take(chunk));
    from.on('end', () => this.#take(null));
    to.on('drain', () => this.settle());
  }

  /** Looks again at who may send what; called when the mode of the link changes. */
  settle(): void {
    const isHeld = this.#link.mode.kind === 'blackHole';
    if (isHeld || this.#queuedBytes > MAX_QUEUED_BYTES || this.#to.writableNeedDrain) {
      this.#from.pause();
    } else {
      this.#from.resume();
    }
    this.#pump();
  }

  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #take(chunk: Buffer | null): void {
    const delayMs = this.#link.delayOf(chunk?.length ?? 0);
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#pass(chunk);
    } else {
      this.#lastAtMs = Math.max(this.#lastAtMs, performance.now() + delayMs);
      this.#queue.push({ chunk, atMs: this.#lastAtMs });
      this.#queuedBytes += chunk?.length ?? 0;
    }
    this.settle();
  }

  #pass(chunk: Buffer | null): void {
    if (chunk === null) this.#to.end();
    else this.#to.write(chunk);
  }

  #pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#link.mode.kind === 'blackHole') return;
    for (;;) {
      const [next] = this.#queue;
      if (next === undefined) return;
      const waitMs = next.atMs - performance.now();
      if (waitMs > 0.5) {
        this.#timer = setTimeout(() => this.settle(), waitMs);
        return;
      }
      this.#queue.shift();
      this.#queuedBytes -= next.chunk?.length ?? 0;
      this.#pass(next.chunk);
    }
  }
}

interface Connection {
  readonly near: Socket;
  readonly far: Socket;
  readonly directions: readonly Direction[];
}

/** A listening port that leads to a target, which may change. */
export class Link {
  readonly #server: Server;
  readonly #random: Random;
  readonly #open = new Set<Connection>();
  /** Newcomers of a black hole: the system has accepted them, nobody else has heard of them. */
  readonly #unheard = new Set<Socket>();
  /** Ends whose other end was cut away; they hear nothing more. */
  readonly #mute = new Set<Socket>();
  #target: LinkTarget | null;
  mode: LinkMode = { kind: 'pass' };

  constructor(random: Random, target: LinkTarget | null) {
    this.#random = random;
    this.#target = target;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
      near.on('error', () => undefined);
      if (this.mode.kind === 'blackHole') this.#hide(near);
      else this.#join(near);
    });
  }

  /** Starts to listen; answers the port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve);
    });
    return (this.#server.address() as AddressInfo).port; // a TCP server's address is of this form
  }

  get connections(): number {
    return this.#open.size;
  }

  /** New connections go there; null: nobody is there, they are reset. */
  lead(target: LinkTarget | null): void {
    this.#target = target;
  }

  enter(mode: LinkMode): void {
    this.mode = mode;
    for (const { directions } of this.#open) for (const direction of directions) direction.settle();
    if (mode.kind === 'blackHole') return;
    for (const near of this.#unheard) {
      this.#unheard.delete(near);
      this.#join(near);
    }
  }

  /** Ends what is open, in the given way. */
  cut(how: Cut): void {
    for (const connection of this.#open) {
      this.#forget(connection);
      const { near, far } = connection;
      if (how !== 'muteNear') near.resetAndDestroy();
      if (how !== 'muteFar') far.resetAndDestroy();
      if (how === 'muteNear') this.#silence(near);
      if (how === 'muteFar') this.#silence(far);
    }
  }

  /** Takes no more connections, and drops those whose other end was cut away. */
  close(): void {
    this.#server.close();
    for (const socket of [...this.#mute, ...this.#unheard]) socket.destroy();
  }

  /** By how much a chunk of so many bytes is late, ms. */
  delayOf(bytes: number): number {
    const { mode } = this;
    if (mode.kind !== 'slow') return mode.kind === 'pass' ? 0 : 1;
    const jitterMs = (this.#random.next() * 2 - 1) * mode.jitterMs;
    let delayMs = Math.max(0, mode.latencyMs + jitterMs);
    const loss = (mode.lossPercent ?? 0) / 100;
    for (let again = 0; again < MAX_RETRANSMITS && this.#random.next() < loss; again += 1) {
      delayMs += RETRANSMIT_MS * 2 ** again;
    }
    return (
      delayMs + (mode.bytesPerSecond === undefined ? 0 : (bytes / mode.bytesPerSecond) * 1_000)
    );
  }

  #hide(near: Socket): void {
    this.#unheard.add(near);
    near.pause();
    near.once('close', () => this.#unheard.delete(near));
  }

  #silence(socket: Socket): void {
    this.#mute.add(socket);
    socket.removeAllListeners('data');
    socket.resume(); // what it sends is swallowed, as by a machine that has gone
    socket.once('close', () => this.#mute.delete(socket));
  }

  #join(near: Socket): void {
    if (this.#target === null) {
      near.resetAndDestroy();
      return;
    }
    near.pause();
    const far = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    far.on('error', () => near.resetAndDestroy());
    far.once('connect', () => {
      if (near.destroyed) return void far.destroy();
      const directions = [new Direction(near, far, this), new Direction(far, near, this)];
      const connection = { near, far, directions };
      this.#open.add(connection);
      for (const direction of directions) direction.settle();
    });
    const end = (): void => {
      for (const connection of this.#open) {
        if (connection.near !== near) continue;
        this.#forget(connection);
        // the end of one side is the end of the other, unless that one was left mute
        near.destroySoon();
        far.destroySoon();
      }
    };
    near.once('close', end);
    far.once('close', end);
  }

  #forget(connection: Connection): void {
    this.#open.delete(connection);
    for (const direction of connection.directions) direction.drop();
  }
}

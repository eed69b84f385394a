/**
 * One device connection: bytes in, fixes into the lane batches, replies out. Everything between the socket
 * and the batch happens in one synchronous pass per read, without an object per fix.
 *
 * States of a connection:
 * - unidentified: no frame named a device of ours yet; closed at `identifyDeadline`.
 * - identified: `#device` is set; only a frame naming another identifier, or the registry, changes it.
 * - closed: `close` was called once, with a reason that is counted.
 */
import type { Socket } from 'node:net';
import type { RowDraft } from '@followme/model';
import type {
  DecodeSink,
  Decoder,
  DropReason,
  FrameReceiver,
  Framer,
  Protocol,
} from '@followme/protocols';
import type { DurableListener } from '../append/lane-batch.ts';
import type { LaneBatcher } from '../append/lane-batcher.ts';
import type { CommandLink } from '../command/command-link.ts';
import type { ConnectedTrackers } from '../command/connected-trackers.ts';
import type { DeviceRegistry, KnownDevice } from '../identify/device-registry.ts';
import type { UnknownDevices } from '../identify/unknown-devices.ts';
import { checkFix } from '../validate/check-fix.ts';
import type { ReceiveCounters } from './counters.ts';

/** Bytes that may wait to be sent to a device that does not read. */
const MAX_UNSENT_BYTES = 16_384;

export interface ConnectionDeps {
  readonly protocol: Protocol;
  readonly batcher: LaneBatcher;
  readonly registry: DeviceRegistry;
  readonly unknown: UnknownDevices;
  readonly connected: ConnectedTrackers;
  readonly counters: ReceiveCounters;
  readonly nowMs: () => number;
  readonly maxFrameBytes: number;
}

/** Why we ended a connection. */
export type CloseReason =
  'idle' | 'crowdedOut' | 'slowFrame' | 'notIdentified' | 'notReading' | 'draining' | 'error';

export class Connection implements FrameReceiver, DecodeSink, DurableListener, CommandLink {
  readonly socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #framer: Framer;
  readonly #decoder: Decoder;
  /** Identifier bytes of the last frame, to recognise the device again without making a string. */
  #identity: Buffer = Buffer.alloc(0);
  #device: KnownDevice | null = null;
  #receivedTimeMs: number;
  /** Since when an incomplete frame waits for its rest; 0 = none does. */
  #partialSinceMs = 0;
  readonly #openedMs: number;
  #identified = false;
  #deviceSinceMs = 0;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.socket = socket;
    this.#deps = deps;
    this.#framer = deps.protocol.createFramer({ maxFrameBytes: deps.maxFrameBytes });
    this.#decoder = deps.protocol.createDecoder();
    this.#openedMs = deps.nowMs();
    this.#receivedTimeMs = this.#openedMs;
  }

  /** A frame named a device of ours. */
  get isIdentified(): boolean {
    return this.#identified;
  }

  get protocol(): Protocol {
    return this.#deps.protocol;
  }
  get device(): KnownDevice | null {
    return this.#device;
  }
  get deviceSinceMs(): number {
    return this.#deviceSinceMs;
  }

  writeCommand(frame: Buffer): 'sent' | 'notReading' | 'gone' {
    const { socket } = this;
    if (!socket.writable) return 'gone';
    if (socket.writableLength > MAX_UNSENT_BYTES) return 'notReading';
    socket.write(frame);
    return 'sent';
  }

  /** The socket has closed: it leads to no tracker any more. */
  closed(): void {
    const device = this.#device;
    if (device !== null) this.#deps.connected.leave(device.trackerId, this);
    this.#device = null;
  }

  /** Takes the next bytes of the stream. */
  receive(chunk: Buffer): void {
    this.#receivedTimeMs = this.#deps.nowMs();
    this.#deps.counters.bytes.inc(chunk.length);
    this.#framer.push(chunk, this);
    if (this.#framer.pendingBytes === 0) this.#partialSinceMs = 0;
    else if (this.#partialSinceMs === 0) this.#partialSinceMs = this.#receivedTimeMs;
  }

  /** The reason to close this connection now, or null. Asked every few seconds. */
  overdue(
    nowMs: number,
    limits: { idleMs: number; frameMs: number; identifyMs: number },
  ): CloseReason | null {
    if (this.#partialSinceMs > 0 && nowMs - this.#partialSinceMs > limits.frameMs)
      return 'slowFrame';
    if (!this.#identified && nowMs - this.#openedMs > limits.identifyMs) return 'notIdentified';
    if (nowMs - this.#receivedTimeMs > limits.idleMs) return 'idle';
    return null;
  }

  onFrame(buffer: Buffer, start: number, end: number): void {
    this.#deps.counters.frames.inc();
    // a new frame completes the one that was partial: the clock of the next one starts anew
    this.#partialSinceMs = 0;
    this.#decoder.decode(buffer, start, end, this);
  }

  onSkipped(bytes: number, reason: DropReason): void {
    this.#deps.counters.skippedBytes(reason).inc(bytes);
  }

  onIdentity(buffer: Buffer, start: number, end: number): boolean {
    const known = this.#device;
    if (known !== null && known.active && this.#isSameIdentity(buffer, start, end)) return true;
    return this.#identify(buffer, start, end);
  }

  onFix(draft: RowDraft): void {
    const device = this.#device;
    if (device === null) {
      this.#deps.counters.dropped('noIdentity').inc();
      return;
    }
    checkFix(draft, this.#receivedTimeMs);
    this.#deps.batcher.add(draft, device, this.#receivedTimeMs);
    this.#deps.counters.fixes.inc();
  }

  onReply(reply: Buffer, afterDurable: boolean): void {
    const device = this.#device;
    const copy = Buffer.from(reply);
    if (afterDurable && device !== null) this.#deps.batcher.whenDurable(device.lane, this, copy);
    else this.#send(copy);
  }

  /** The batch with the fixes of this frame is stored: the device may forget them. */
  onDurable(reply: Buffer): void {
    this.#send(reply);
  }

  onDropped(reason: DropReason): void {
    this.#deps.counters.dropped(reason).inc();
  }

  onChecksumMismatch(): void {
    this.#deps.counters.checksumMismatches.inc();
  }

  #isSameIdentity(buffer: Buffer, start: number, end: number): boolean {
    return (
      end - start === this.#identity.length &&
      buffer.compare(this.#identity, 0, this.#identity.length, start, end) === 0
    );
  }

  #identify(buffer: Buffer, start: number, end: number): boolean {
    const { protocol, registry, unknown, connected } = this.#deps;
    const identifier = buffer.toString('latin1', start, end);
    const device = registry.find(protocol.name, identifier);
    if (this.#device !== null) connected.leave(this.#device.trackerId, this);
    this.#device = device;
    if (device === null) {
      unknown.note(protocol.name, identifier);
      this.#deps.counters.dropped('unknownDevice').inc();
      return false;
    }
    connected.enter(device.trackerId, this);
    this.#deviceSinceMs = this.#receivedTimeMs;
    this.#identity = Buffer.from(buffer.subarray(start, end));
    this.#identified = true;
    return true;
  }

  #send(reply: Buffer): void {
    const { socket } = this;
    if (!socket.writable) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) {
      this.#deps.counters.closed('notReading').inc();
      socket.destroy();
      return;
    }
    socket.write(reply);
    this.#deps.counters.replies.inc();
  }
}

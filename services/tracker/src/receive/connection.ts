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
import { ROW, type RowDraft } from '@followme/model';
import type {
  DecodeSink,
  Decoder,
  DropReason,
  FrameReceiver,
  Framer,
  Protocol,
} from '@followme/protocols';
import type { DurableListener } from '../append/lane-batch.ts';
import type { LaneBatcher, LaneOwner } from '../append/lane-batcher.ts';
import type { TenantLoad } from '../append/tenant-load.ts';
import type { CommandLink } from '../command/command-link.ts';
import type { ConnectedTrackers } from '../command/connected-trackers.ts';
import type { DeviceRegistry, KnownDevice } from '../identify/device-registry.ts';
import type { UnknownDevices } from '../identify/unknown-devices.ts';
import { checkFix } from '../validate/check-fix.ts';
import type { BackPressure, HeldConnection, HoldReason } from './back-pressure.ts';
import type { ReceiveCounters } from './counters.ts';
import { Pace } from './pace.ts';

/** Bytes that may wait to be sent to a device that does not read. */
const MAX_UNSENT_BYTES = 16_384;
/** Longest that a connection is not read because it sends too fast, ms: an alarm may be behind what waits. */
const MAX_PAUSE_MS = 2_000;
/** Longest that an acknowledgement is held back, ms: devices ask again after 10 to 30 s. */
const MAX_REPLY_DELAY_MS = 5_000;
/** Acknowledgements held back for one connection. */
const MAX_HELD_REPLIES = 64;

export interface ConnectionDeps {
  readonly protocol: Protocol;
  readonly batcher: LaneBatcher;
  readonly registry: DeviceRegistry;
  readonly unknown: UnknownDevices;
  readonly connected: ConnectedTrackers;
  readonly backPressure: BackPressure;
  readonly counters: ReceiveCounters;
  readonly nowMs: () => number;
  readonly maxFrameBytes: number;
  /** How fast this device has sent, over all its connections. */
  readonly paceOf: (device: KnownDevice, nowMs: number) => Pace;
  /** How many bytes may come before a device of ours is named. */
  readonly strangerPace: { readonly perSecond: number; readonly burst: number };
}

/** An acknowledgement that waits for its time. */
interface HeldReply {
  readonly reply: Buffer;
  readonly dueMs: number;
}

/** Why we ended a connection. */
export type CloseReason =
  'idle' | 'crowdedOut' | 'slowFrame' | 'notIdentified' | 'notReading' | 'draining' | 'error';

/**
 * A device that sends faster than any does is slowed in two steps, and nothing of it is dropped: its
 * acknowledgements come later, so that a device that waits for them slows down while its alarms are still read at
 * once; when it sends on all the same it is read in pauses. Fixes with an alarm are not counted and their
 * acknowledgement is not held back.
 */
export class Connection
  implements FrameReceiver, DecodeSink, DurableListener, CommandLink, HeldConnection
{
  readonly socket: Socket;
  heldFor: HoldReason | null = null;
  readonly #deps: ConnectionDeps;
  readonly #framer: Framer;
  readonly #decoder: Decoder;
  /** Identifier bytes of the last frame, to recognise the device again without making a string. */
  #identity: Buffer = Buffer.alloc(0);
  #device: KnownDevice | null = null;
  /** Where the fixes of `#device` go. */
  #owner: LaneOwner | null = null;
  /** Of `#device`, or of the stranger that has sent something. */
  #pace: Pace | null = null;
  #frameHasAlarm = false;
  #heldReplies: HeldReply[] = [];
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
    this.#owner = null;
    this.#heldReplies = [];
  }

  get load(): TenantLoad | null {
    return this.#owner?.load ?? null;
  }

  paceMs(nowMs: number): number {
    const pace = this.#pace;
    if (pace === null) return 0;
    if (this.#device !== null && !pace.isFarBehind(nowMs)) return 0;
    return Math.min(pace.debtMs(nowMs), MAX_PAUSE_MS);
  }

  sendHeldReplies(nowMs: number): boolean {
    const held = this.#heldReplies;
    while (held[0] !== undefined && held[0].dueMs <= nowMs) {
      const { reply } = held[0];
      held.shift();
      this.#send(reply);
    }
    return held.length === 0;
  }

  /** Takes the next bytes of the stream. */
  receive(chunk: Buffer): void {
    this.#receivedTimeMs = this.#deps.nowMs();
    this.#deps.counters.bytes.inc(chunk.length);
    this.#framer.push(chunk, this);
    if (this.#device === null) this.#countStranger(chunk.length);
    if (this.#framer.pendingBytes === 0) this.#partialSinceMs = 0;
    else if (this.#partialSinceMs === 0) this.#partialSinceMs = this.#receivedTimeMs;
  }

  /** The reason to close this connection now, or null. Asked every few seconds. */
  overdue(
    nowMs: number,
    limits: { idleMs: number; frameMs: number; identifyMs: number },
  ): CloseReason | null {
    // while we do not read, silence is ours; a stranger that is slowed had its chance to say who it is
    if (this.heldFor === 'log' || this.heldFor === 'turn') return null;
    if (this.heldFor === 'pace' && this.#identified) return null;
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
    this.#frameHasAlarm = false;
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
    const owner = this.#owner;
    if (owner === null) {
      this.#deps.counters.dropped('noIdentity').inc();
      return;
    }
    checkFix(draft, this.#receivedTimeMs);
    this.#deps.batcher.add(draft, owner, this.#receivedTimeMs);
    this.#deps.counters.fixes.inc();
    if (draft.bytes[ROW.alarm] === 0) this.#pace?.take(1, this.#receivedTimeMs);
    else this.#frameHasAlarm = true;
  }

  onReply(reply: Buffer, afterDurable: boolean): void {
    const owner = this.#owner;
    const copy = Buffer.from(reply);
    if (!afterDurable || owner === null) this.#send(copy);
    else this.#deps.batcher.whenDurable(owner, this.#frameHasAlarm ? this.#urgent() : this, copy);
  }

  /** The batch with the fixes of this frame is stored: the device may forget them, at once or a little later. */
  onDurable(reply: Buffer): void {
    const nowMs = this.#deps.nowMs();
    const debtMs = this.#pace?.debtMs(nowMs) ?? 0;
    const held = this.#heldReplies;
    if (debtMs === 0 && held.length === 0) {
      this.#send(reply);
      return;
    }
    held.push({ reply, dueMs: nowMs + Math.min(debtMs, MAX_REPLY_DELAY_MS) });
    this.#deps.counters.repliesDelayed.inc();
    if (held.length > MAX_HELD_REPLIES) this.sendHeldReplies(held[0]?.dueMs ?? nowMs);
    this.#deps.backPressure.holdsReplies(this);
  }

  /** Hears of a frame with an alarm: its acknowledgement goes out at once, and those before it. */
  #urgent(): DurableListener {
    return {
      onDurable: (reply) => {
        this.sendHeldReplies(Number.POSITIVE_INFINITY);
        this.#send(reply);
      },
    };
  }

  #countStranger(bytes: number): void {
    this.#pace ??= new Pace(this.#deps.strangerPace, this.#receivedTimeMs);
    this.#pace.take(bytes, this.#receivedTimeMs);
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
    this.#owner = null;
    this.#pace = null;
    if (device === null) {
      unknown.note(protocol.name, identifier);
      this.#deps.counters.dropped('unknownDevice').inc();
      return false;
    }
    connected.enter(device.trackerId, this);
    this.#deviceSinceMs = this.#receivedTimeMs;
    const { tenantId, trackerId, lane } = device;
    this.#owner = { tenantId, trackerId, lane, load: this.#deps.batcher.loadOf(tenantId) };
    this.#pace = this.#deps.paceOf(device, this.#receivedTimeMs);
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

/**
 * What a device family gives the tracker service: a framer that cuts a byte stream into frames and a
 * decoder that turns a frame into fixes. Both are pure: bytes in, calls on a sink out; no sockets, no
 * clock, no store.
 */
import type { CommandKind, RowDraft } from '@followme/model';

/** Bounds on what a connection may make us hold. */
export interface FramerLimits {
  /** Longest frame in bytes; what declares more is no frame. */
  readonly maxFrameBytes: number;
}

/** Why bytes or frames were thrown away; each is a label of a counter. */
export type DropReason =
  /** Bytes between frames that belong to none. */
  | 'garbage'
  /** A frame that declares more than the limit. */
  | 'frameTooLong'
  /** The declared length does not end where a frame ends. */
  | 'badFraming'
  /** A field that must be there is missing or unreadable. */
  | 'malformed'
  /** Latitude, longitude or time outside what is possible. */
  | 'outOfRange'
  /** A frame of a kind we do not know. */
  | 'unknownCommand'
  /** A frame without an identity on a connection that has none yet. */
  | 'noIdentity'
  /** The device is not in the registry. */
  | 'unknownDevice';

/** Receives frames; `buffer[start, end)` is valid during the call only. */
export interface FrameReceiver {
  onFrame(buffer: Buffer, start: number, end: number): void;
  /** `bytes` were skipped for `reason`. */
  onSkipped(bytes: number, reason: DropReason): void;
}

/** Cuts one connection's bytes into frames, however they are split or merged. */
export interface Framer {
  /** Takes the next bytes of the stream. Work is linear in the bytes, however small the pieces. */
  push(chunk: Buffer, receiver: FrameReceiver): void;
  /** Bytes held back because their frame is not complete; bounded by the limits. */
  readonly pendingBytes: number;
}

/**
 * Receives what a decoder read from a frame. Calls come in the order of the frame: identity, then fixes,
 * then the reply. Every argument is valid during the call only.
 */
export interface DecodeSink {
  /**
   * The frame names its device: ASCII bytes `buffer[start, end)`. False = not a device of ours; the
   * decoder stops reading this frame and answers nothing.
   */
  onIdentity(buffer: Buffer, start: number, end: number): boolean;
  /** One fix, sealed: copy `draft.bytes[0, draft.length)`. Tenant, tracker and received time are not set. */
  onFix(draft: RowDraft): void;
  /**
   * Bytes the device waits for. `afterDurable`: only when every fix of this frame is stored; it means
   * "you may forget them".
   */
  onReply(reply: Buffer, afterDurable: boolean): void;
  /** The frame (or a record in it) was dropped. */
  onDropped(reason: DropReason): void;
  /** The checksum was wrong and the family's policy is to read the frame all the same. */
  onChecksumMismatch(): void;
}

/** Reads the frames of one connection; may remember what earlier frames said (the login). */
export interface Decoder {
  /** Reads one frame. Never throws on any bytes: what it cannot read it reports as dropped. */
  decode(buffer: Buffer, start: number, end: number, sink: DecodeSink): void;
}

/** A device family. */
export interface Protocol {
  /** Name in the command line, in metrics and in the registry: `meitrack`. */
  readonly name: string;
  /** Name people know it by: `Meitrack`. */
  readonly label: string;
  /** Port offset from the base of the device ports: Meitrack 2 → 50012. */
  readonly portOffset: number;
  createFramer(limits: FramerLimits): Framer;
  createDecoder(): Decoder;
  /**
   * The bytes, one whole frame, that tell a device to do something; null when the family takes no such command,
   * or when `identity` could not stand in a frame of it. Without it the family takes no commands.
   */
  encodeCommand?(kind: CommandKind, identity: string): Buffer | null;
}

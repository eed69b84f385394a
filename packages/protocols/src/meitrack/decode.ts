/**
 * Reads Meitrack frames: `AAA` (text), `CCC` and `CCE` (binary, several fixes, waiting for a confirmation),
 * `AAC` (waiting for an answer), and the answers of devices to commands, which carry no fix.
 *
 * A wrong checksum does not stop the reading: clones compute it wrongly all their life. It is counted, and
 * the fixes carry a flag. A confirmation counts every record of the frame, also those that were dropped:
 * a record that no server can read must not keep a device from ever sending the next one.
 */
import { FLAG, RowDraft } from '@followme/model';
import type { Decoder, DecodeSink, DropReason } from '../protocol.ts';
import { CCC_HEADER_BYTES, readCccRecord, recordBytesOf } from './ccc.ts';
import { CCE_HEADER_BYTES, CCE_RECORD_HEADER_BYTES, CceReader } from './cce.ts';
import { FieldTable } from './fields.ts';
import { sumOf } from './checksum.ts';
import { commandCode, FrameHead } from './frame-head.ts';
import { encodeReply } from './reply.ts';
import { TextReader } from './text.ts';

const AAA = commandCode('AAA');
const AAC = commandCode('AAC');
const CCC = commandCode('CCC');
const CCE = commandCode('CCE');
/** The flag that devices expect in the answer to `AAC`. */
const AAC_FLAG = 'z';

const isUpperHex = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46);

/** A letter A … F and two digits or letters A … F: the numbering of the vendor's commands, `A10` … `FFF`. */
function isCommandAnswer(command: number): boolean {
  const letter = command >> 16;
  return (
    letter >= 0x41 &&
    isUpperHex(letter) &&
    isUpperHex((command >> 8) & 0xff) &&
    isUpperHex(command & 0xff)
  );
}

class MeitrackDecoder implements Decoder {
  readonly #draft = new RowDraft();
  readonly #head = new FrameHead();
  readonly #fields = new FieldTable();
  readonly #text = new TextReader();
  readonly #cce = new CceReader();
  #checksumHolds = false;

  decode(buffer: Buffer, start: number, end: number, sink: DecodeSink): void {
    const head = this.#head;
    if (!head.read(buffer, start, end)) {
      sink.onDropped('malformed');
      return;
    }
    this.#checksumHolds = head.isChecksum(this.#sumBeforeStar(buffer, start));
    if (!this.#checksumHolds) sink.onChecksumMismatch();
    if (!sink.onIdentity(buffer, head.identityStart, head.identityEnd)) return;
    if (head.command === AAA) this.#decodeText(sink);
    else if (head.command === CCC) this.#decodeCcc(buffer, sink);
    else if (head.command === CCE) this.#decodeCce(buffer, sink);
    else if (head.command === AAC) this.#reply(buffer, sink, AAC_FLAG, 'AAC', 1);
    else if (!isCommandAnswer(head.command)) sink.onDropped('unknownCommand');
  }

  /** The sum of the frame's bytes up to its `*`; finds the fields of a text record on the way. */
  #sumBeforeStar(buffer: Buffer, start: number): number {
    const { command, bodyStart, bodyEnd } = this.#head;
    if (command !== AAA || bodyStart === bodyEnd) return sumOf(buffer, start, bodyEnd);
    const body = this.#fields.split(buffer, bodyStart + 1, bodyEnd);
    return sumOf(buffer, start, bodyStart + 1) + body;
  }

  #decodeText(sink: DecodeSink): void {
    if (this.#head.bodyStart === this.#head.bodyEnd) {
      sink.onDropped('malformed');
      return;
    }
    this.#begin();
    this.#deliver(this.#text.read(this.#fields, this.#draft), sink);
  }

  #decodeCcc(buffer: Buffer, sink: DecodeSink): void {
    const { bodyStart, bodyEnd } = this.#head;
    const recordBytes = recordBytesOf(buffer, bodyStart, bodyEnd);
    if (typeof recordBytes === 'string') {
      sink.onDropped(recordBytes);
      return;
    }
    let at = bodyStart + CCC_HEADER_BYTES;
    let records = 0;
    for (; at + recordBytes <= bodyEnd; at += recordBytes) {
      this.#begin();
      this.#deliver(readCccRecord(buffer, at, this.#draft), sink);
      records += 1;
    }
    if (at !== bodyEnd) sink.onDropped('malformed');
    this.#confirm(buffer, sink, 'CCC', records);
  }

  #decodeCce(buffer: Buffer, sink: DecodeSink): void {
    const { bodyStart, bodyEnd } = this.#head;
    if (bodyStart + CCE_HEADER_BYTES > bodyEnd) {
      sink.onDropped('malformed');
      return;
    }
    const declared = buffer.readUInt16LE(bodyStart + 5);
    let at = bodyStart + CCE_HEADER_BYTES;
    let records = 0;
    while (records < declared && at + CCE_RECORD_HEADER_BYTES <= bodyEnd) {
      const recordEnd = at + 2 + buffer.readUInt16LE(at);
      if (recordEnd > bodyEnd || recordEnd < at + CCE_RECORD_HEADER_BYTES) break;
      this.#begin();
      const reason = this.#cce.read(buffer, at + CCE_RECORD_HEADER_BYTES, recordEnd, this.#draft);
      this.#deliver(reason, sink);
      records += 1;
      at = recordEnd;
    }
    if (records < declared) sink.onDropped('malformed');
    this.#confirm(buffer, sink, 'CCE', records);
  }

  #begin(): void {
    this.#draft.reset();
    if (!this.#checksumHolds) this.#draft.setFlag(FLAG.checksumMismatch);
  }

  #deliver(reason: DropReason | null, sink: DecodeSink): void {
    if (reason !== null) {
      sink.onDropped(reason);
      return;
    }
    this.#draft.seal();
    sink.onFix(this.#draft);
  }

  #confirm(buffer: Buffer, sink: DecodeSink, command: string, records: number): void {
    if (records > 0)
      this.#reply(buffer, sink, String.fromCharCode(this.#head.flag), command, records);
  }

  #reply(buffer: Buffer, sink: DecodeSink, flag: string, command: string, content: number): void {
    const { identityStart, identityEnd } = this.#head;
    const identity = buffer.toString('latin1', identityStart, identityEnd);
    const reply = encodeReply({ flag, identity, command, content: String(content) });
    sink.onReply(reply, command !== 'AAC');
  }
}

/**
 * A decoder. It keeps nothing from frame to frame, only scratch space that is used within one call, so that
 * any number of connections can share one.
 */
export function createMeitrackDecoder(): Decoder {
  return new MeitrackDecoder();
}

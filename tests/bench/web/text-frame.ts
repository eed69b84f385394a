/** A WebSocket text message as a server sends it, in one frame (RFC 6455 §5.2: unmasked, uncompressed). */

const FIN_AND_TEXT = 0x81;
const MAX_7_BIT = 125;
const MAX_16_BIT = 0xffff;

function lengthOf(bytes: number): Buffer {
  if (bytes <= MAX_7_BIT) return Buffer.from([bytes]);
  const isShort = bytes <= MAX_16_BIT;
  const length = Buffer.alloc(isShort ? 3 : 9);
  length[0] = isShort ? 126 : 127;
  if (isShort) length.writeUInt16BE(bytes, 1);
  else length.writeBigUInt64BE(BigInt(bytes), 1);
  return length;
}

/** The bytes of `text` as a message; many of them can be written at once. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([FIN_AND_TEXT]), lengthOf(payload.length), payload]);
}

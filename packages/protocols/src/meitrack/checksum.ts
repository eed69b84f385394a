/** The family's checksum: the sum of all bytes from `$$` (or `@@`) through `*`, modulo 256, in two hex digits. */

/** Sum of `buffer[start, end)` modulo 256. */
export function sumOf(buffer: Uint8Array, start: number, end: number): number {
  // four sums side by side: an addition need not wait for the one before
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = start;
  for (; i + 3 < end; i += 4) {
    a += buffer[i] ?? 0;
    b += buffer[i + 1] ?? 0;
    c += buffer[i + 2] ?? 0;
    d += buffer[i + 3] ?? 0;
  }
  for (; i < end; i += 1) a += buffer[i] ?? 0;
  return (a + b + c + d) & 0xff;
}

/** Value of one hexadecimal digit, upper or lower case; −1 for any other byte. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}

/** A byte as two upper-case hexadecimal digits. */
export function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase();
}

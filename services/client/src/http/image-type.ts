/** The kinds of image a logo may be, told by the first bytes and never by what a name or a header says. */
const SIGNATURES: readonly {
  readonly type: string;
  readonly parts: readonly (readonly [at: number, bytes: string])[];
}[] = [
  { type: 'image/png', parts: [[0, '89504e470d0a1a0a']] },
  { type: 'image/jpeg', parts: [[0, 'ffd8ff']] },
  {
    // RIFF, its length, WEBP
    type: 'image/webp',
    parts: [
      [0, '52494646'],
      [8, '57454250'],
    ],
  },
];

/** Content type of an image; null when it is none of PNG, JPEG and WebP. */
export function imageTypeOf(bytes: Buffer): string | null {
  const found = SIGNATURES.find(({ parts }) =>
    parts.every(([at, hex]) => bytes.toString('hex', at, at + hex.length / 2) === hex),
  );
  return found?.type ?? null;
}

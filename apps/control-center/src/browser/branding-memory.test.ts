import { expect, test } from 'vitest';
import { parseBranding } from './branding-memory.ts';

const branding = {
  name: 'Merel Veiligheid',
  colour: '#0b7681',
  logoUrl: '/brand/logo?v=3',
  language: 'nl' as const,
  map: { kind: 'file' as const, file: 'utrecht.pmtiles' },
};

test('a look comes back as it was remembered', () => {
  expect(parseBranding(JSON.stringify(branding))).toEqual(branding);
});

test('what an older release wrote is used as far as it fits', () => {
  const older = { ...branding, language: 'de', map: { kind: 'globe' } };
  expect(parseBranding(JSON.stringify(older))).toEqual({
    ...branding,
    language: null,
    map: { kind: 'builtIn' },
  });
});

test.each(['', '{', 'null', '[]', '{"name":1}', '{"name":"a","colour":"url(x)","logoUrl":null}'])(
  '%j is no look',
  (text) => {
    expect(parseBranding(text)).toBeNull();
  },
);

import type { SettingsReply } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import { colourShown, faultsOf, onlyChanges, parseColour, requestOf } from './settings-draft.ts';

const saved: SettingsReply = {
  name: 'Merel',
  colour: '#0b7681',
  logoUrl: null,
  language: null,
  map: { kind: 'file', file: 'utrecht.pmtiles' },
  version: 4,
  mapFiles: ['utrecht.pmtiles'],
};

test.each([
  ['#2B59D9', '#2b59d9'],
  [' 2b59d9 ', '#2b59d9'],
  ['#abc', '#aabbcc'],
  ['red', null],
  ['#12345', null],
  ['', null],
])('the colour %j is read as %j', (typed, colour) => {
  expect(parseColour(typed)).toBe(colour);
});

describe('a draft', () => {
  test('is no change when everything in it is as saved', () => {
    const same = {
      name: ' Merel ',
      colour: '#0b7681',
      logo: null,
      language: null,
      map: { kind: 'file', file: 'utrecht.pmtiles' },
    } as const;
    expect(onlyChanges(same, saved)).toEqual({});
    expect(requestOf({})).toBeNull();
  });

  test('asks only for what differs, as the server takes it', () => {
    const draft = { name: ' Wilgenrode ', colour: '#ABC', language: null } as const;
    expect(requestOf(onlyChanges(draft, saved))).toEqual({ name: 'Wilgenrode', colour: '#aabbcc' });
    expect(requestOf({ name: '  ', colour: null })).toEqual({ name: null, colour: null });
    expect(requestOf({ map: { kind: 'style', url: ' https://a.example/s.json ' } })).toEqual({
      map: { kind: 'style', url: 'https://a.example/s.json' },
    });
  });

  test.each([
    [{ name: 'x'.repeat(201) }, { name: 'tooLong' }],
    [{ name: 'a\u0007b' }, { name: 'control' }],
    [{ name: '' }, {}],
    [{ colour: 'blue' }, { colour: 'form' }],
    [{ colour: null }, {}],
    [{ map: { kind: 'file', file: '' } }, { mapFile: 'missing' }],
    [{ map: { kind: 'style', url: 'ftp://a.example' } }, { mapUrl: 'form' }],
    [{ map: { kind: 'style', url: 'https://a:b@a.example/' } }, { mapUrl: 'form' }],
    [{ map: { kind: 'style', url: 'https://a.example/' } }, {}],
  ] as const)('%j has the faults %j', (draft, faults) => {
    expect(faultsOf(draft)).toEqual(faults);
  });

  test('shows the last colour that is one while the next is typed', () => {
    expect(colourShown({ colour: '#12' }, saved)).toBe('#0b7681');
    expect(colourShown({ colour: '#123' }, saved)).toBe('#112233');
    expect(colourShown({ colour: null }, saved)).toBeNull();
    expect(colourShown({}, saved)).toBe('#0b7681');
  });
});

import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { EQUAL_WORDS } from './equal-words.ts';
import { nl } from './nl.ts';
import { pseudoOf } from './pseudo.ts';

type Leaf = readonly [path: string, value: string | ((...given: never[]) => string)];

function leavesOf(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      leavesOf(inner, path === '' ? key : `${path}.${key}`),
    );
  }
  if (typeof value === 'string' || typeof value === 'function') {
    return [[path, value as Leaf[1]]];
  }
  throw new Error(`${path} is neither a text nor a function`);
}

const english = leavesOf(en);
const dutch = new Map(leavesOf(nl));

const hasWords = (text: string) => /\p{L}{2}/u.test(text);

describe('languages', () => {
  test('Dutch has every sentence that English has, and no other', () => {
    expect([...dutch.keys()].sort()).toEqual(english.map(([path]) => path).sort());
    for (const [path, value] of english) {
      expect(typeof dutch.get(path), path).toBe(typeof value);
    }
  });

  test('nothing is left in English by accident', () => {
    const same = english
      .filter(([path, value]) => {
        const other = dutch.get(path);
        if (typeof value === 'string') return value === other && hasWords(value);
        return String(value) === String(other);
      })
      .filter(([path, value]) => !EQUAL_WORDS.has(path) && !EQUAL_WORDS.has(String(value)))
      .map(([path, value]) => `${path}: ${String(value)}`);
    expect(same).toEqual([]);
  });

  test('no sentence is empty, shouts, or has space at its ends', () => {
    for (const [path, value] of [...english, ...dutch]) {
      if (typeof value !== 'string') continue;
      expect(value, path).toMatch(/^\S(?:.*[^\s!])?$/u);
    }
  });
});

describe('the language of the tests', () => {
  const pseudo = pseudoOf(en);

  test('every text is mirrored and at least two fifths longer, results of functions too', () => {
    expect(pseudo.login.submit).toMatch(/^\u202eLog in ~+\u202c$/u);
    for (const [path, value] of leavesOf(pseudo)) {
      const original = english.find(([other]) => other === path)?.[1];
      if (typeof value !== 'string' || typeof original !== 'string') continue;
      if (path === 'locale' || !/\p{L}/u.test(original)) expect(value).toBe(original);
      else expect(value.length, path).toBeGreaterThanOrEqual(original.length * 1.4);
    }
    expect(pseudo.detail.stops(2)).toContain('2 stops');
    expect(pseudo.detail.stops(2)).not.toBe('2 stops');
  });

  test('what Intl is told stays a real language', () => {
    expect(pseudo.locale).toBe('en');
  });
});

test('one verb for one and another for several: who is told, and what cannot be taken', () => {
  expect(en.alerts.toldNow(['Anna'])).toBe('Anna is being told');
  expect(en.alerts.toldNow(['Anna', 'Bram'])).toBe('Anna and Bram are being told');
  expect(nl.alerts.toldNow(['Anna', 'Bram'])).toBe('Anna en Bram krijgen nu bericht');
  expect([1, 3].map(nl.places.refusedCount)).toEqual([
    '1 plaats kan niet',
    '3 plaatsen kunnen niet',
  ]);
  expect(en.places.pointRadiusHint(1)).toBe('1 point becomes a circle of this radius.');
});

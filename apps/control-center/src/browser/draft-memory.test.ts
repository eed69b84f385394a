import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetDrafts, keepDraft, keptDraft, ownDrafts } from './draft-memory.ts';

/** The storage of a tab, which the tests' engine does not have. */
function tabStorage() {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

beforeEach(() => vi.stubGlobal('sessionStorage', tabStorage()));
afterEach(() => vi.unstubAllGlobals());

test('a draft is there for the same person, also after the session expired', () => {
  ownDrafts(1);
  keepDraft('place.new', { name: 'Yard' });
  ownDrafts(1);
  expect(keptDraft('place.new')).toEqual({ name: 'Yard' });
});

test('the next person finds no draft, however many there were', () => {
  ownDrafts(1);
  for (const name of ['place.new', 'place.7', 'rule.3']) keepDraft(name, name);
  ownDrafts(2);
  expect(['place.new', 'place.7', 'rule.3'].map(keptDraft)).toEqual([null, null, null]);
});

test('who logs out leaves no draft, and what is not a draft stays', () => {
  sessionStorage.setItem('followme.map-to-try', '1');
  keepDraft('place.new', 1);
  forgetDrafts();
  expect(keptDraft('place.new')).toBeNull();
  expect(sessionStorage.getItem('followme.map-to-try')).toBe('1');
});

test('where storage is blocked nothing is kept and nothing breaks', () => {
  vi.stubGlobal('sessionStorage', undefined);
  keepDraft('place.new', 1);
  ownDrafts(1);
  expect(keptDraft('place.new')).toBeNull();
});

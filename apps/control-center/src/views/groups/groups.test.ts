import type { GroupReply } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import { en } from '../../messages/en.ts';
import { nl } from '../../messages/nl.ts';
import { groupChange } from './group-change.ts';
import { groupUse } from './group-use.ts';

const group: GroupReply = { id: 7, name: 'Night', trackerIds: [1, 2], userIds: [5] };

describe('what is sent of a group', () => {
  test('only what is another than before: a rename leaves the members to others', () => {
    const form = { name: ' Day ', trackerIds: new Set([2, 1]), userIds: new Set([5]) };
    expect(groupChange(group, form)).toEqual({ name: 'Day' });
    expect(groupChange(group, { ...form, name: 'Night' })).toEqual({});
  });

  test('a list that changed is sent as a whole', () => {
    const form = { name: 'Night', trackerIds: new Set([1, 3]), userIds: new Set<number>() };
    expect(groupChange(group, form)).toEqual({ trackerIds: [1, 3], userIds: [] });
  });

  test('a new group has its name and the members it was given', () => {
    const form = { name: 'New', trackerIds: new Set([1]), userIds: new Set<number>() };
    expect(groupChange(null, form)).toEqual({ name: 'New', trackerIds: [1] });
  });
});

describe('what a group means to others', () => {
  const use = groupUse(
    { ...group, trackerIds: Array.from({ length: 12 }, (_, i) => i), userIds: [1, 2, 3] },
    [{ groupIds: [7] }, { groupIds: [1, 7] }, { groupIds: null }],
    [{ groupIds: [7] }, { groupIds: null }, { groupIds: [] }],
  );

  test('is counted: who loses it, what names it', () => {
    expect(use).toEqual({ trackers: 12, people: 3, rules: 2, places: 1 });
  });

  test('is told in numbers', () => {
    expect(en.groups.removeText(use)).toContain('12 trackers and 3 people lose this group.');
    expect(en.groups.removeNamed(use)).toMatch(/^2 rules and 1 place name it/u);
    expect(nl.groups.removeText(use)).toContain('12 trackers en 3 personen verliezen deze groep.');
    expect(en.groups.removeNamed({ rules: 1, places: 0 })).toMatch(/^1 rule names it/u);
    expect(en.groups.removeNamed({ rules: 0, places: 0 })).toBe('No rule and no place names it.');
  });
});

import { expect, test } from 'vitest';
import { parseRoute, SECTION_IDS } from './route.ts';

test.each([
  ['/', 'live'],
  ...SECTION_IDS.filter((id) => id !== 'live').map((id) => [`/${id}`, id]),
])('%s is the section %s', (path, section) => {
  expect(parseRoute(path ?? '')).toEqual({ section, id: null, isNew: false });
});

test('one alert and one place are open by their number', () => {
  expect(parseRoute('/alerts/7')).toEqual({ section: 'alerts', id: 7, isNew: false });
  expect(parseRoute('/places/12')).toEqual({ section: 'places', id: 12, isNew: false });
});

test('places and trackers are made on a page of their own', () => {
  expect(parseRoute('/places/new')).toEqual({ section: 'places', id: null, isNew: true });
  expect(parseRoute('/trackers/new')).toEqual({ section: 'trackers', id: null, isNew: true });
});

test('a slash at the end is forgiven', () => {
  expect(parseRoute('/alerts/')).toEqual({ section: 'alerts', id: null, isNew: false });
});

test.each([
  '/live',
  '/nothing',
  '/alerts/0',
  '/alerts/-1',
  '/alerts/1e3',
  '/alerts/9999999999',
  '/alerts/new',
  '/people/3',
  '/places/1/2',
  '/Alerts',
  '//alerts',
])('%s leads nowhere', (path) => {
  expect(parseRoute(path).section).toBe('nowhere');
});

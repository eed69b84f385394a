import {
  CreateTrackerBodySchema,
  IDENTIFIER_PATTERN,
  type TrackerReply,
  UpdateTrackerBodySchema,
} from '@followme/contracts';
import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import {
  cleanIdentifier,
  doubtfulImei,
  identifierFault,
  isComplete,
  MAX_IDENTIFIER_CHARS,
  newTrackerForm,
  ownerOf,
  readKeptTracker,
  refusedField,
  toCreateBody,
  type TrackerForm,
  toTrackerForm,
  toUpdateBody,
} from './tracker-form.ts';

const IMEI = '869065340000010';
const form: TrackerForm = {
  name: ' Van 7 ',
  groupIds: [4],
  protocol: 'meitrack',
  identifier: '869 065 340 000 010',
};

describe('the form of a tracker', () => {
  test('blanks around the name and within the number of a label are not sent', () => {
    expect(toCreateBody(form)).toEqual({
      name: 'Van 7',
      groupIds: [4],
      device: { protocol: 'meitrack', identifier: IMEI },
    });
    expect(Check(CreateTrackerBodySchema, toCreateBody(form))).toBe(true);
  });

  test('without a device none is sent when made, and it is taken away when changed', () => {
    const without = { ...form, protocol: null };
    expect(toCreateBody(without)).toEqual({ name: 'Van 7', groupIds: [4] });
    expect(toUpdateBody(without).device).toBeNull();
    expect(Check(UpdateTrackerBodySchema, toUpdateBody(without))).toBe(true);
  });

  test.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['été', 'form'],
    ['😀', 'form'],
    ['x'.repeat(MAX_IDENTIFIER_CHARS + 1), 'tooLong'],
    ['x'.repeat(MAX_IDENTIFIER_CHARS), null],
    [IMEI, null],
  ])('the identifier %j is %s', (identifier, fault) => {
    expect(identifierFault({ ...form, identifier })).toBe(fault);
    const isTaken = new RegExp(IDENTIFIER_PATTERN, 'u').test(cleanIdentifier(identifier));
    if (fault === null) expect(isTaken).toBe(true);
  });

  test('an identifier is only needed with a device', () => {
    expect(isComplete({ ...newTrackerForm(), name: 'Van 7' })).toBe(true);
    expect(isComplete({ ...newTrackerForm(), name: 'Van 7', protocol: 'meitrack' })).toBe(false);
    expect(isComplete({ ...form, name: '\u0007' })).toBe(false);
    expect(isComplete({ ...form, name: 'x'.repeat(201) })).toBe(false);
  });

  test('a number that is no IMEI raises a doubt, only for families that use IMEIs', () => {
    expect(doubtfulImei({ ...form, identifier: '8690653400000' })).toEqual({
      kind: 'length',
      digits: 13,
    });
    expect(doubtfulImei({ ...form, identifier: '86906534000001X' })).toEqual({
      kind: 'length',
      digits: 14,
    });
    expect(doubtfulImei({ ...form, identifier: IMEI })).toBeNull();
    expect(doubtfulImei({ ...form, protocol: 'owntracks', identifier: 'phone-7' })).toBeNull();
    expect(doubtfulImei({ ...form, identifier: '' })).toBeNull();
  });

  test.each([
    ['490154203237518', null],
    ['490154203237519', { kind: 'checkDigit' }],
    ['490154203273518', { kind: 'checkDigit' }],
    ['49 015420 323751 8', null],
  ])('the last digit of an IMEI proves the others: %s', (identifier, doubt) => {
    expect(doubtfulImei({ ...form, identifier })).toEqual(doubt);
  });

  test('refusals of the server stand at their fields', () => {
    expect(refusedField('DEVICE_TAKEN')).toBe('identifier');
    expect(refusedField('DEVICE_PROTOCOL_UNKNOWN')).toBe('protocol');
    expect(refusedField('GROUP_NOT_FOUND')).toBe('groups');
    expect(refusedField('STORE_UNAVAILABLE')).toBeNull();
    expect(refusedField(null)).toBeNull();
  });

  test('who has the device already is told by name, but never the tracker itself', () => {
    const device = { protocol: 'meitrack', identifier: IMEI };
    const other: TrackerReply = { id: 2, name: 'Bike 2', groupIds: [], device };
    expect(ownerOf([other], form, null)).toBe(other);
    expect(ownerOf([other], form, 2)).toBeNull();
    expect(toTrackerForm(other)).toEqual({ ...device, name: 'Bike 2', groupIds: [] });
  });
});

describe('a new tracker that is kept while one looks elsewhere', () => {
  const kept = { step: 'device', form, isDeviceChosen: true } as const;

  test('comes back at its step', () => {
    expect(readKeptTracker(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  test.each([
    ['nothing', null],
    ['a step nobody knows', { ...kept, step: 'third' }],
    ['a form without groups', { ...kept, form: { ...form, groupIds: null } }],
    ['a form without a name', { ...kept, form: { ...form, name: 1 } }],
  ])('is none of ours: %s', (_what, other) => {
    expect(readKeptTracker(other)).toBeNull();
  });
});

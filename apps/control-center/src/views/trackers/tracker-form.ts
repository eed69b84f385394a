/** The form of a tracker: what people fill in, what is wrong with it, and what is sent. No React, no network. */
import type { CreateTrackerBody, DeviceReply, TrackerReply } from '@followme/contracts';
import { nameFault } from '../../forms/check-name.ts';

/** The families whose devices call themselves by their IMEI. */
const IMEI_FAMILIES: ReadonlySet<string> = new Set(['meitrack']);
const IMEI_DIGITS = 15;
/** Most characters of an identifier, as the contracts have it. */
export const MAX_IDENTIFIER_CHARS = 128;
const IDENTIFIER = /^[\x21-\x7e]+$/;

/** What is filled in. `protocol` is null for a tracker without a device. */
export interface TrackerForm {
  readonly name: string;
  readonly groupIds: readonly number[];
  readonly protocol: string | null;
  readonly identifier: string;
}

/** A field that can be wrong. */
export type TrackerField = 'name' | 'groups' | 'protocol' | 'identifier';

/** What is wrong with an identifier. */
export type IdentifierFault = 'missing' | 'form' | 'tooLong';

export function newTrackerForm(groupIds: readonly number[] = []): TrackerForm {
  return { name: '', groupIds, protocol: null, identifier: '' };
}

/** The form of a tracker that exists. */
export function toTrackerForm({ name, groupIds, device }: TrackerReply): TrackerForm {
  return {
    name,
    groupIds,
    protocol: device?.protocol ?? null,
    identifier: device?.identifier ?? '',
  };
}

/** Labels print numbers in groups of four and people copy them so: blanks never belong to an identifier. */
export function cleanIdentifier(text: string): string {
  return text.replace(/\s+/gu, '');
}

/** The fault of the identifier; null when there is none or no device is chosen. */
export function identifierFault({ protocol, identifier }: TrackerForm): IdentifierFault | null {
  if (protocol === null) return null;
  const clean = cleanIdentifier(identifier);
  if (clean === '') return 'missing';
  if (!IDENTIFIER.test(clean)) return 'form';
  return clean.length > MAX_IDENTIFIER_CHARS ? 'tooLong' : null;
}

/** Why a number is hardly an IMEI: it has so many digits, or its last one does not fit the others. */
export type ImeiDoubt =
  { readonly kind: 'length'; readonly digits: number } | { readonly kind: 'checkDigit' };

/** What to doubt of an identifier that should be an IMEI; null when there is nothing. A doubt, not a fault. */
export function doubtfulImei({
  protocol,
  identifier,
}: Pick<TrackerForm, 'protocol' | 'identifier'>): ImeiDoubt | null {
  if (protocol === null || !IMEI_FAMILIES.has(protocol)) return null;
  const clean = cleanIdentifier(identifier);
  if (clean === '') return null;
  const digits = clean.replace(/\D/gu, '').length;
  if (digits !== IMEI_DIGITS || clean.length !== IMEI_DIGITS) return { kind: 'length', digits };
  return fitsLuhn(clean) ? null : { kind: 'checkDigit' };
}

/** The check digit of an IMEI, 3GPP TS 23.003 annex B: every second digit from the right is doubled. */
function fitsLuhn(digits: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = Number(digits.at(-1 - fromRight)) * (fromRight % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function deviceOf({ protocol, identifier }: TrackerForm): DeviceReply | null {
  return protocol === null ? null : { protocol, identifier: cleanIdentifier(identifier) };
}

/** Whether it can be sent. */
export function isComplete(form: TrackerForm): boolean {
  return nameFault(form.name) === null && identifierFault(form) === null;
}

/** What is sent for a new tracker. */
export function toCreateBody(form: TrackerForm): CreateTrackerBody {
  const device = deviceOf(form);
  return {
    name: form.name.trim(),
    groupIds: [...form.groupIds],
    ...(device === null ? {} : { device }),
  };
}

/** What is sent for a changed one. */
export function toUpdateBody(form: TrackerForm) {
  return { name: form.name.trim(), groupIds: [...form.groupIds], device: deviceOf(form) };
}

/** The field that a refusal is about; null when it is about none. */
export function refusedField(code: string | null): TrackerField | null {
  switch (code) {
    case 'DEVICE_TAKEN':
      return 'identifier';
    case 'DEVICE_PROTOCOL_UNKNOWN':
      return 'protocol';
    case 'GROUP_NOT_FOUND':
      return 'groups';
    case null:
    default:
      return null;
  }
}

/** The tracker that already has this device, as far as the list knows. */
export function ownerOf(
  trackers: readonly TrackerReply[],
  form: TrackerForm,
  ownId: number | null,
): TrackerReply | null {
  const device = deviceOf(form);
  if (device === null) return null;
  return (
    trackers.find(
      (other) =>
        other.id !== ownId &&
        other.device?.protocol === device.protocol &&
        other.device.identifier === device.identifier,
    ) ?? null
  );
}

/** How far a new tracker is, as it is kept while somebody looks elsewhere. */
export interface KeptTracker {
  readonly step: 'name' | 'device';
  readonly form: TrackerForm;
  /** A family, or none, was chosen by hand. */
  readonly isDeviceChosen: boolean;
}

/** Reads a kept draft; null when it is none of this release. */
export function readKeptTracker(kept: unknown): KeptTracker | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { step, form, isDeviceChosen } = kept as Partial<KeptTracker>; // checked below
  if ((step !== 'name' && step !== 'device') || typeof isDeviceChosen !== 'boolean') return null;
  if (typeof form !== 'object' || form === null) return null;
  const { name, identifier, protocol, groupIds } = form as Partial<TrackerForm>;
  if (typeof name !== 'string' || typeof identifier !== 'string') return null;
  if (protocol !== null && typeof protocol !== 'string') return null;
  return Array.isArray(groupIds) ? { step, form, isDeviceChosen } : null;
}

/** The form of a person: what people fill in, what is wrong with it, and what is sent. No React, no network. */
import type { CreateUserBody, UpdateUserBody, UserReply } from '@followme/contracts';

/** What a person may do. */
export type Role = UserReply['role'];

/** Roles in the order they are offered, widest first. */
export const ROLE_ORDER = [
  'administrator',
  'operator',
  'member',
  'readOnly',
] as const satisfies readonly Role[];

/** What is filled in. */
export interface PersonForm {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly seesAll: boolean;
  readonly groupIds: readonly number[];
}

/** What is wrong with an address. */
export type EmailFault = 'missing' | 'form' | 'tooLong';

const MAX_EMAIL_CHARS = 254;
/** One sign, something before it, a name with a dot behind it; the server looks closer. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/u;

/** Somebody new sees everything only where there are no groups to choose from. */
export function newPersonForm(hasGroups: boolean): PersonForm {
  return { name: '', email: '', role: 'operator', seesAll: !hasGroups, groupIds: [] };
}

/** The form of somebody who exists. */
export function toPersonForm(person: UserReply): PersonForm {
  const { name, email, role, seesAll, groupIds } = person;
  return { name, email, role, seesAll, groupIds };
}

/** The fault of an address; null when there is none. */
export function emailFault(email: string): EmailFault | null {
  const trimmed = email.trim();
  if (trimmed === '') return 'missing';
  if (trimmed.length > MAX_EMAIL_CHARS) return 'tooLong';
  return EMAIL.test(trimmed) ? null : 'form';
}

/** Whether this person would see nothing: allowed, for groups may come later, but worth a word. */
export function seesNothing({ role, seesAll, groupIds }: PersonForm): boolean {
  return role !== 'administrator' && !seesAll && groupIds.length === 0;
}

/** What is sent for somebody new. */
export function toCreateBody(form: PersonForm): CreateUserBody {
  return {
    ...toUpdateBody(form),
    name: form.name.trim(),
    role: form.role,
    email: form.email.trim(),
  };
}

/** What is sent for somebody changed; an address cannot be. */
export function toUpdateBody(form: PersonForm) {
  const { role, groupIds } = form;
  const seesAll = role === 'administrator' || form.seesAll;
  return {
    name: form.name.trim(),
    role,
    seesAll,
    groupIds: [...groupIds],
  } satisfies UpdateUserBody;
}

/** Whether nobody but this person could still change everything: then role and log-in must stay. */
export function isLastAdministrator(people: readonly UserReply[], userId: number): boolean {
  const left = people.filter(({ role, disabled }) => role === 'administrator' && !disabled);
  return left.length === 1 && left[0]?.id === userId;
}

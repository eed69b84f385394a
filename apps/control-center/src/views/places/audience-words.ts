import type { FenceReply } from '@followme/contracts';
import { messages } from '../../messages/messages.ts';
import { audienceOf } from './place-facts.ts';

const text = messages.places;

/** Whom a place is for, in words. */
export function audienceWords(
  fence: Pick<FenceReply, 'groupIds'>,
  groups: readonly { readonly id: number; readonly name: string }[],
): string {
  const audience = audienceOf(fence, groups);
  if (audience === 'all') return text.forAll;
  return audience === 'nobody' ? text.forNobody : text.forGroups(audience);
}

/** Saving a place: its fence first, then the rule that tells of it. */
import type { FenceReply, RuleReply } from '@followme/contracts';
import { createFence, fetchFence, updateFence } from '../../api/places.ts';
import { createRule, updateRule } from '../../api/rules.ts';
import type { Draft } from '../../drawing/draft.ts';
import { messages } from '../../messages/messages.ts';
import { MAX_NAME_CHARS } from '../../forms/check-name.ts';
import { isGone } from '../../forms/refusal.ts';
import { type PlaceForm, toFenceBody, toRuleBody } from './place-form.ts';

/** What is saved, and over what. */
export interface PlaceToSave {
  readonly form: PlaceForm;
  readonly draft: Draft;
  /** The place the edit started from; null makes a new one. */
  readonly before: FenceReply | null;
}

/** @throws ApiError FENCE_CHANGED, FENCE_INVALID, FENCE_NOT_FOUND, GROUP_NOT_FOUND */
export function saveFence({ form, draft, before }: PlaceToSave): Promise<FenceReply> {
  const body = toFenceBody(form, draft);
  if (before === null) return createFence(body);
  return updateFence(before.id, { ...body, ifVersion: before.version });
}

/**
 * What has become of a place somebody else changed or deleted; null: it is gone.
 * @throws whatever else kept it from being read: then nobody knows
 */
export async function newestFence(fenceId: number): Promise<FenceReply | null> {
  try {
    return await fetchFence(fenceId);
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

const { suggested } = messages.rules;

function ruleName(form: PlaceForm, name: string): string {
  if (form.enters && form.leaves) return suggested.both(name);
  return form.enters ? suggested.enter(name) : suggested.exit(name);
}

/**
 * Makes, changes or switches off the rule of a place. One that was written elsewhere keeps what its own page sets.
 * @throws ApiError
 */
export async function saveOwnRule(
  form: PlaceForm,
  fence: FenceReply,
  own: RuleReply | undefined,
): Promise<void> {
  const name = ruleName(form, fence.name).slice(0, MAX_NAME_CHARS).trimEnd();
  const body = toRuleBody(form, { fenceId: fence.id, name });
  if (own === undefined) {
    if (body !== null) await createRule(body);
    return;
  }
  if (body === null) {
    if (own.enabled) await updateRule(own.id, { enabled: false });
    return;
  }
  const { trigger, severity, recipientIds, webhookIds } = body;
  await updateRule(own.id, { enabled: true, trigger, severity, recipientIds, webhookIds });
}

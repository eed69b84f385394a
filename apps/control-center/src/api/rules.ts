/** Rules over HTTP, and what they can tell people by. */
import type {
  Channels,
  CreateRuleBody,
  RuleReply,
  UpdateRuleBody,
  WebhookReply,
} from '@followme/contracts';
import { fetchAll, request, requestJson } from './client.ts';

const MAX_RULES = 10_000;
const MAX_WEBHOOKS = 1_000;

/** @throws ApiError ACCESS_DENIED */
export async function fetchRules(signal: AbortSignal): Promise<readonly RuleReply[]> {
  return (await fetchAll<RuleReply>('/api/rules', {}, { maxItems: MAX_RULES, signal })).items;
}

/** One rule as it is now. @throws ApiError RULE_NOT_FOUND */
export function fetchRule(ruleId: number): Promise<RuleReply> {
  return requestJson(`/api/rules/${ruleId}`);
}

/** @throws ApiError when it names what does not exist: FENCE_, GROUP_, USER_ or WEBHOOK_NOT_FOUND */
export function createRule(body: CreateRuleBody): Promise<RuleReply> {
  return requestJson('/api/rules', { method: 'POST', body });
}

/** Changes what is named. @throws ApiError RULE_CHANGED when `ifVersion` is another, RULE_NOT_FOUND */
export function updateRule(ruleId: number, body: UpdateRuleBody): Promise<RuleReply> {
  return requestJson(`/api/rules/${ruleId}`, { method: 'PATCH', body });
}

/** @throws ApiError RULE_NOT_FOUND */
export async function deleteRule(ruleId: number): Promise<void> {
  await request(`/api/rules/${ruleId}`, { method: 'DELETE' });
}

/** Programs outside that can be told. @throws ApiError ACCESS_DENIED */
export async function fetchWebhooks(signal: AbortSignal): Promise<readonly WebhookReply[]> {
  return (await fetchAll<WebhookReply>('/api/webhooks', {}, { maxItems: MAX_WEBHOOKS, signal }))
    .items;
}

/** What this installation can send. @throws ApiError */
export function fetchChannels(signal: AbortSignal): Promise<Channels> {
  return requestJson('/api/channels', { signal });
}

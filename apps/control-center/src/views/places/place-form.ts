/** The form of a place: what people fill in beside the shape, and what is sent. No React, no network. */
import type {
  CreateFenceBody,
  CreateRuleBody,
  FenceGeometry,
  FenceReply,
  RuleReply,
  Severity,
} from '@followme/contracts';
import { toReason, type ShapeProblem, shapeProblem } from '../../drawing/check.ts';
import type { Draft } from '../../drawing/draft.ts';
import { toGeometry } from '../../drawing/draft.ts';
import type { Drawing } from '../../drawing/drawing.ts';

/** What is filled in. */
export interface PlaceForm {
  readonly name: string;
  /** Empty: all trackers. */
  readonly groupIds: readonly number[];
  readonly enters: boolean;
  readonly leaves: boolean;
  readonly severity: Severity;
  readonly recipientIds: readonly number[];
  readonly webhookIds: readonly number[];
}

/** A place that is made now: it tells of nothing yet. */
export const NEW_PLACE: PlaceForm = {
  name: '',
  groupIds: [],
  enters: false,
  leaves: false,
  severity: 'high',
  recipientIds: [],
  webhookIds: [],
};
/** After a message about a tracker no other one of the same place for so long. */
const COOL_DOWN_S = 300;

/** The rule that tells of one place and of nothing else: the one its editor changes. */
export function ownRuleOf(fenceId: number, rules: readonly RuleReply[]): RuleReply | undefined {
  return rules.find(
    ({ trigger }) =>
      trigger.kind === 'fence' && trigger.fenceIds?.length === 1 && trigger.fenceIds[0] === fenceId,
  );
}

/** The form of a place there is; groups that are gone are left out. */
export function toPlaceForm(
  fence: FenceReply,
  rule: RuleReply | undefined,
  knownGroups: ReadonlySet<number>,
): PlaceForm {
  const on = rule?.trigger.kind === 'fence' ? rule.trigger.on : [];
  return {
    name: fence.name,
    groupIds: (fence.groupIds ?? []).filter((id) => knownGroups.has(id)),
    enters: rule?.enabled === true && on.includes('enter'),
    leaves: rule?.enabled === true && on.includes('exit'),
    severity: rule?.severity ?? NEW_PLACE.severity,
    recipientIds: rule?.recipientIds ?? [],
    webhookIds: rule?.webhookIds ?? [],
  };
}

/** Why a drawing cannot be saved. */
export type DrawingFault =
  | { readonly kind: 'missing' | 'unfinished' }
  | { readonly kind: 'problem'; readonly problem: ShapeProblem };

/** The fault of a drawing; null when it can be a place. */
export function drawingFault({ draft, isOpen }: Drawing): DrawingFault | null {
  if (draft === null) return { kind: 'missing' };
  if (isOpen) return { kind: 'unfinished' };
  const problem = shapeProblem(toGeometry(draft));
  return problem === null ? null : { kind: 'problem', problem };
}

/** What the server said of a shape, as we would have said it. */
export function refusedShape(problem: {
  readonly reason?: string | undefined;
  readonly place?: readonly number[] | undefined;
}): ShapeProblem {
  const [lon, lat] = problem.place ?? [];
  const place = lon === undefined || lat === undefined ? null : ([lon, lat] as const);
  return { reason: toReason(problem.reason), place };
}

/** The place as it is sent. */
export function toFenceBody(
  form: PlaceForm,
  draft: Draft,
): CreateFenceBody & { groupIds: number[] | null } {
  return {
    name: form.name.trim(),
    geometry: { ...toGeometry(draft) },
    groupIds: form.groupIds.length === 0 ? null : [...form.groupIds],
  };
}

/** The rule of the place as it is sent; null when it tells nothing. */
export function toRuleBody(
  form: PlaceForm,
  rule: { readonly fenceId: number; readonly name: string },
): CreateRuleBody | null {
  const on: ('enter' | 'exit')[] = [];
  if (form.enters) on.push('enter');
  if (form.leaves) on.push('exit');
  if (on.length === 0) return null;
  return {
    name: rule.name,
    enabled: true,
    severity: form.severity,
    trigger: { kind: 'fence', fenceIds: [rule.fenceId], on },
    groupIds: null,
    recipientIds: [...form.recipientIds],
    webhookIds: [...form.webhookIds],
    coolDownS: COOL_DOWN_S,
    escalation: null,
  };
}

/** What somebody was doing, as it is kept over a reload. */
export interface KeptPlace {
  readonly form: PlaceForm;
  readonly draft: Draft | null;
  readonly isOpen: boolean;
  readonly tool: Drawing['tool'];
  /** The place as the edit found it; null for a new one. Saving over another version is a conflict to decide. */
  readonly before: FenceReply | null;
}

/** Whether something kept is a draft of ours; what an older release kept is not used. */
export function isKeptPlace(value: unknown): value is KeptPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { form, draft, isOpen, tool, before } = value as Partial<Record<keyof KeptPlace, unknown>>;
  if (typeof form !== 'object' || form === null || typeof isOpen !== 'boolean') return false;
  if (tool !== 'polygon' && tool !== 'circle' && tool !== 'corridor') return false;
  const keys = Object.keys(NEW_PLACE);
  return keys.every((key) => Object.hasOwn(form, key)) && isDraft(draft) && isFence(before);
}

function isFence(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { id, version, geometry } = value as Partial<Record<keyof FenceReply, unknown>>;
  return typeof id === 'number' && typeof version === 'number' && typeof geometry === 'object';
}

function isDraft(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { kind } = value as { readonly kind?: unknown };
  return kind === 'area' || kind === 'circle' || kind === 'corridor';
}

/** What differs between what is there now and what somebody started from, for the one who must choose. */
export function differencesOf(
  before: FenceReply,
  now: FenceReply,
): { readonly name: boolean; readonly shape: boolean; readonly watch: boolean } {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const shape = ({ geometry }: { geometry: FenceGeometry }): unknown => geometry;
  return {
    name: before.name !== now.name,
    shape: !same(shape(before), shape(now)),
    watch: !same(before.groupIds, now.groupIds),
  };
}

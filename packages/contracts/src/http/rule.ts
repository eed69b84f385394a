/** Rules: what is worth an alert, how loud it is, and who hears of it. */
import { Type, type Static } from 'typebox';
import { IdListSchema, IdSchema, NameSchema, nullable, pageOf } from './common.ts';

/** `/api/rules/:ruleId` */
export const RuleParamsSchema = Type.Object({ ruleId: IdSchema }, { additionalProperties: false });

/** The ladder, loudest first: what each means for the screen and the ear stands in the guide. */
export const SEVERITIES = ['critical', 'high', 'medium', 'info'] as const;
/** How loud an alert is. */
export const SeveritySchema = Type.Union([
  Type.Literal('critical'),
  Type.Literal('high'),
  Type.Literal('medium'),
  Type.Literal('info'),
]);
/** See `SeveritySchema`. */
export type Severity = Static<typeof SeveritySchema>;

/** What a tracker does at the edge of a fence. */
export const TransitionSchema = Type.Union([Type.Literal('enter'), Type.Literal('exit')]);
/** See `TransitionSchema`. */
export type Transition = Static<typeof TransitionSchema>;

/** Alarms a rule can name; the words are those of `ALARMS` in the model without `none`. */
export const AlarmNameSchema = Type.Union([
  Type.Literal('sos'),
  Type.Literal('fall'),
  Type.Literal('lowBattery'),
  Type.Literal('powerCut'),
  Type.Literal('overspeed'),
  Type.Literal('tamper'),
  Type.Literal('vibration'),
  Type.Literal('fault'),
  Type.Literal('geofence'),
  Type.Literal('accident'),
  Type.Literal('towing'),
  Type.Literal('idling'),
  Type.Literal('jamming'),
]);
/** See `AlarmNameSchema`. */
export type AlarmName = Static<typeof AlarmNameSchema>;

/** What sets a rule off. */
export const TriggerSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('fence'),
      fenceIds: nullable(Type.Array(IdSchema, { minItems: 1, maxItems: 1_000, uniqueItems: true })),
      on: Type.Array(TransitionSchema, { minItems: 1, maxItems: 2, uniqueItems: true }),
    },
    { additionalProperties: false, description: 'A crossing; `fenceIds: null` is any fence' },
  ),
  Type.Object(
    {
      kind: Type.Literal('alarm'),
      alarms: Type.Array(AlarmNameSchema, { minItems: 1, maxItems: 13, uniqueItems: true }),
    },
    { additionalProperties: false, description: 'An alarm the device raises' },
  ),
  Type.Object(
    { kind: Type.Literal('silent'), afterS: Type.Integer({ minimum: 60, maximum: 7 * 86_400 }) },
    { additionalProperties: false, description: 'Nothing heard for so many seconds' },
  ),
]);
/** See `TriggerSchema`. */
export type Trigger = Static<typeof TriggerSchema>;

const recipients = Type.Array(IdSchema, { maxItems: 200, uniqueItems: true });

/** What a rule says, apart from its identity. */
const ruleFields = {
  name: NameSchema,
  enabled: Type.Boolean(),
  severity: SeveritySchema,
  trigger: TriggerSchema,
  groupIds: nullable({ ...IdListSchema, description: 'Trackers of these groups; null is all' }),
  recipientIds: { ...recipients, description: 'People who get an e-mail' },
  webhookIds: { ...recipients, description: 'Webhooks that are called' },
  coolDownS: Type.Integer({
    minimum: 0,
    maximum: 7 * 86_400,
    description: 'After a message, the same tracker and cause sends no other for so many seconds',
  }),
  escalation: nullable(
    Type.Object(
      {
        afterS: Type.Integer({ minimum: 30, maximum: 86_400 }),
        toIds: { ...recipients, minItems: 1, description: 'People who get an e-mail then' },
      },
      { additionalProperties: false, description: 'When nobody has answered by then' },
    ),
  ),
};

/** A rule as it is answered. */
export const RuleSchema = Type.Object({
  id: IdSchema,
  ...ruleFields,
  version: Type.Integer({ description: 'Grows with every change' }),
});
/** See `RuleSchema`. */
export type RuleReply = Static<typeof RuleSchema>;

/** GET /api/rules */
export const RulePageSchema = pageOf(RuleSchema);
/** See `RulePageSchema`. */
export type RulePage = Static<typeof RulePageSchema>;

/** POST /api/rules */
export const CreateRuleBodySchema = Type.Object(ruleFields, { additionalProperties: false });
/** See `CreateRuleBodySchema`. */
export type CreateRuleBody = Static<typeof CreateRuleBodySchema>;

/** PATCH /api/rules/:ruleId: what is left out stays; with `ifVersion` only when nobody changed it since. */
export const UpdateRuleBodySchema = Type.Partial(
  Type.Object({ ...ruleFields, ifVersion: Type.Integer({ minimum: 1 }) }),
  { additionalProperties: false },
);
/** See `UpdateRuleBodySchema`. */
export type UpdateRuleBody = Static<typeof UpdateRuleBodySchema>;

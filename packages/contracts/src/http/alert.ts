/** Alerts: one card per cause and tracker, what people did with it, and what it sent. */
import { Type, type Static } from 'typebox';
import {
  IdSchema,
  LatSchema,
  LonSchema,
  nullable,
  pageOf,
  pageQuery,
  TimeSchema,
} from './common.ts';
import { DeliverySchema } from './delivery.ts';
import { TEXT_PATTERN } from './pattern.ts';
import { AlarmNameSchema, SeveritySchema, TransitionSchema } from './rule.ts';

/** `/api/alerts/:alertId` */
export const AlertParamsSchema = Type.Object(
  { alertId: IdSchema },
  { additionalProperties: false },
);

/** Longest comment, characters. */
export const MAX_COMMENT_CHARS = 2_000;

const Person = Type.Object({ id: IdSchema, name: Type.String() });
const Deed = Type.Object({
  time: TimeSchema,
  by: nullable({ ...Person, description: 'Null is the system' }),
});

/** One card, the same over HTTP and over the socket. Of two, the one with the higher revision is newer. */
export const AlertSchema = Type.Object({
  id: IdSchema,
  revision: Type.Integer({ description: 'Grows with every change of any alert of the tenant' }),
  state: Type.Union([Type.Literal('open'), Type.Literal('acknowledged'), Type.Literal('closed')]),
  severity: SeveritySchema,
  kind: Type.Union([Type.Literal('fence'), Type.Literal('alarm'), Type.Literal('silent')]),
  trackerId: IdSchema,
  trackerName: Type.String(),
  fenceId: nullable(IdSchema),
  fenceName: nullable(Type.String()),
  transition: nullable(TransitionSchema),
  alarm: nullable(AlarmNameSchema),
  ruleId: nullable({ ...IdSchema, description: 'Null for an SOS, which needs no rule' }),
  ruleName: nullable(Type.String()),
  occurrences: Type.Integer({ minimum: 1, description: 'How often it happened on this card' }),
  firstTime: { ...TimeSchema, description: 'Time of the first fix it is about' },
  lastTime: { ...TimeSchema, description: 'Time of the newest fix it is about' },
  raisedTime: { ...TimeSchema, description: 'When the card was made' },
  lastRaisedTime: { ...TimeSchema, description: 'When it last happened again, by our clock' },
  lon: nullable(LonSchema),
  lat: nullable(LatSchema),
  acknowledged: nullable(Deed),
  assigned: nullable(Person),
  closed: nullable(Deed),
  escalates: nullable(
    Type.Object(
      { time: TimeSchema, to: Type.Array(Type.String()) },
      { description: 'Who is told, and when, if nobody answers' },
    ),
  ),
});
/** See `AlertSchema`. */
export type AlertReply = Static<typeof AlertSchema>;

/** What happened to a card. */
export const AlertEntrySchema = Type.Object({
  time: TimeSchema,
  by: nullable({ ...Person, description: 'Null is the system' }),
  kind: Type.Union([
    Type.Literal('raised'),
    Type.Literal('repeated'),
    Type.Literal('acknowledged'),
    Type.Literal('assigned'),
    Type.Literal('unassigned'),
    Type.Literal('commented'),
    Type.Literal('escalated'),
    Type.Literal('closed'),
    Type.Literal('reopened'),
  ]),
  comment: nullable(Type.String()),
  about: nullable({ ...Person, description: 'To whom it was assigned' }),
});
/** See `AlertEntrySchema`. */
export type AlertEntry = Static<typeof AlertEntrySchema>;

/** GET /api/alerts: newest first; `state=unclosed` is what needs attention. */
export const AlertQuerySchema = Type.Object(
  {
    state: Type.Optional(Type.Union([Type.Literal('unclosed'), Type.Literal('closed')])),
    trackerId: Type.Optional(IdSchema),
    ...pageQuery,
  },
  { additionalProperties: false },
);
/** See `AlertQuerySchema`. */
export type AlertQuery = Static<typeof AlertQuerySchema>;
/** GET /api/alerts */
export const AlertPageSchema = pageOf(AlertSchema);
/** See `AlertPageSchema`. */
export type AlertPage = Static<typeof AlertPageSchema>;

/** GET /api/alerts/:alertId: oldest entry first; deliveries for administrators and operators only. */
export const AlertDetailSchema = Type.Object({
  alert: AlertSchema,
  entries: Type.Array(AlertEntrySchema),
  deliveries: Type.Array(DeliverySchema),
});
/** See `AlertDetailSchema`. */
export type AlertDetail = Static<typeof AlertDetailSchema>;

const comment = Type.String({
  minLength: 1,
  maxLength: MAX_COMMENT_CHARS,
  pattern: TEXT_PATTERN,
});

/** POST /api/alerts/:alertId/acknowledge, /close and /reopen */
export const AlertActionBodySchema = Type.Object(
  { comment: Type.Optional(comment) },
  { additionalProperties: false },
);
/** See `AlertActionBodySchema`. */
export type AlertActionBody = Static<typeof AlertActionBodySchema>;
/** POST /api/alerts/:alertId/assign: to a person, or to nobody. */
export const AssignAlertBodySchema = Type.Object(
  { userId: nullable(IdSchema) },
  { additionalProperties: false },
);
/** See `AssignAlertBodySchema`. */
export type AssignAlertBody = Static<typeof AssignAlertBodySchema>;
/** POST /api/alerts/:alertId/comment */
export const CommentAlertBodySchema = Type.Object({ comment }, { additionalProperties: false });
/** See `CommentAlertBodySchema`. */
export type CommentAlertBody = Static<typeof CommentAlertBodySchema>;

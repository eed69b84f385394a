/** What was sent, to whom, and what became of it; the receivers outside: webhooks and the mail server. */
import { Type, type Static } from 'typebox';
import { IdSchema, NameSchema, nullable, pageOf, pageQuery, TimeSchema } from './common.ts';
import { WEB_ADDRESS_PATTERN } from './pattern.ts';

/** `/api/deliveries/:deliveryId` */
export const DeliveryParamsSchema = Type.Object(
  { deliveryId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
);

const DeliveryStateSchema = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('delivered'),
  Type.Literal('dead'),
  Type.Literal('skipped'),
]);

/** One message to one receiver. */
export const DeliverySchema = Type.Object({
  id: Type.String({ description: 'What the receiver dedupes by: Message-ID, webhook-id' }),
  alertId: nullable(IdSchema),
  ruleId: nullable(IdSchema),
  purpose: Type.Union([Type.Literal('alert'), Type.Literal('escalation'), Type.Literal('test')]),
  channel: Type.Union([Type.Literal('email'), Type.Literal('webhook')]),
  receiver: Type.String({ description: 'Name of the person or webhook' }),
  address: Type.String(),
  subject: Type.String(),
  state: DeliveryStateSchema,
  attempts: Type.Integer({ minimum: 0 }),
  createdTime: TimeSchema,
  nextAttemptTime: nullable(TimeSchema),
  settledTime: nullable(TimeSchema),
  detail: nullable(Type.String({ description: 'What the last attempt said' })),
});
/** See `DeliverySchema`. */
export type DeliveryReply = Static<typeof DeliverySchema>;

/** GET /api/deliveries: newest first. */
export const DeliveryQuerySchema = Type.Object(
  { state: Type.Optional(DeliveryStateSchema), alertId: Type.Optional(IdSchema), ...pageQuery },
  { additionalProperties: false },
);
/** See `DeliveryQuerySchema`. */
export type DeliveryQuery = Static<typeof DeliveryQuerySchema>;
/** GET /api/deliveries */
export const DeliveryPageSchema = pageOf(DeliverySchema);
/** See `DeliveryPageSchema`. */
export type DeliveryPage = Static<typeof DeliveryPageSchema>;

/** GET /api/deliveries/:deliveryId: with every attempt, oldest first. */
export const DeliveryDetailSchema = Type.Object({
  delivery: DeliverySchema,
  attempts: Type.Array(
    Type.Object({
      time: TimeSchema,
      tookMs: Type.Integer({ minimum: 0 }),
      outcome: Type.Union([
        Type.Literal('delivered'),
        Type.Literal('failed'),
        Type.Literal('refused'),
        Type.Literal('skipped'),
      ]),
      detail: nullable(Type.String()),
    }),
  ),
});
/** See `DeliveryDetailSchema`. */
export type DeliveryDetail = Static<typeof DeliveryDetailSchema>;

/** `/api/webhooks/:webhookId` */
export const WebhookParamsSchema = Type.Object(
  { webhookId: IdSchema },
  { additionalProperties: false },
);

/** A webhook as it is answered: its secret is told once, when it is made. */
export const WebhookSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  url: Type.String(),
  enabled: Type.Boolean(),
});
/** See `WebhookSchema`. */
export type WebhookReply = Static<typeof WebhookSchema>;
/** GET /api/webhooks */
export const WebhookPageSchema = pageOf(WebhookSchema);
/** See `WebhookPageSchema`. */
export type WebhookPage = Static<typeof WebhookPageSchema>;

const url = Type.String({ minLength: 8, maxLength: 2_000, pattern: WEB_ADDRESS_PATTERN });

/** POST /api/webhooks */
export const CreateWebhookBodySchema = Type.Object(
  { name: NameSchema, url },
  { additionalProperties: false },
);
/** See `CreateWebhookBodySchema`. */
export type CreateWebhookBody = Static<typeof CreateWebhookBodySchema>;
/** POST /api/webhooks and /api/webhooks/:webhookId/secret */
export const CreatedWebhookSchema = Type.Object({
  webhook: WebhookSchema,
  secret: Type.String({ description: '`whsec_…` of Standard Webhooks; not shown again' }),
});
/** See `CreatedWebhookSchema`. */
export type CreatedWebhook = Static<typeof CreatedWebhookSchema>;
/** PATCH /api/webhooks/:webhookId */
export const UpdateWebhookBodySchema = Type.Object(
  {
    name: Type.Optional(NameSchema),
    url: Type.Optional(url),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
/** See `UpdateWebhookBodySchema`. */
export type UpdateWebhookBody = Static<typeof UpdateWebhookBodySchema>;

/** GET /api/channels: what this installation can send. */
export const ChannelsSchema = Type.Object({
  email: Type.Object({
    configured: Type.Boolean(),
    from: nullable(Type.String({ description: 'Address messages come from' })),
  }),
});
/** See `ChannelsSchema`. */
export type Channels = Static<typeof ChannelsSchema>;
/** POST /api/channels/email/test and /api/webhooks/:webhookId/test: look at the delivery for the outcome. */
export const TestSentSchema = Type.Object({ deliveryId: Type.String() });
/** See `TestSentSchema`. */
export type TestSent = Static<typeof TestSentSchema>;

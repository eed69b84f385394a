/** Receivers outside: webhooks, and the mail server of the installation; with a message to try each. */
import {
  ChannelsSchema,
  CreatedWebhookSchema,
  CreateWebhookBodySchema,
  PageQuerySchema,
  TestSentSchema,
  UpdateWebhookBodySchema,
  WebhookPageSchema,
  WebhookParamsSchema,
  WebhookSchema,
  type WebhookReply,
} from '@followme/contracts';
import { err, ok, trustedId, type Result, type WebhookId } from '@followme/model';
import { checkWebhookUrl, type WebhookUrlRefusal } from '@followme/platform';
import {
  createTestDelivery,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  renewWebhookSecret,
  updateWebhook,
  type Webhook,
} from '@followme/store';
import { answer, refuse, type Answer } from './answer.ts';
import type { ChannelConfig, HttpDeps } from './deps.ts';
import { given } from './given.ts';
import { pageOfAll } from './page-of-all.ts';
import { defineRoute, type Route } from './route.ts';

type WebhookDeps = Pick<HttpDeps, 'clock' | 'config'>;

const TAG = 'channels';

/** The routes of this file. */
export function webhookRoutes(deps: WebhookDeps): readonly Route[] {
  return [
    listRoute(),
    createRoute(deps),
    getRoute(),
    updateRoute(deps),
    deleteRoute(),
    secretRoute(),
    testWebhookRoute(deps),
    channelsRoute(deps),
    testMailRoute(deps),
  ];
}

const toWebhookId = (id: number): WebhookId => trustedId<WebhookId>(id);
const toReply = ({ webhookId: id, name, url, enabled }: Webhook): WebhookReply => ({
  id,
  name,
  url,
  enabled,
});

const REFUSAL_WORDS: Readonly<Record<WebhookUrlRefusal, string>> = {
  malformed: 'is not an address',
  notHttp: 'must begin with https:// or http://',
  credentials: 'must not carry a name or password',
  privateAddress: 'leads to an address that is not public',
};

/** The address in the one spelling we keep and call, or its refusal. */
function parseUrl(
  text: string,
  { allowPrivateWebhooks: allowPrivate }: ChannelConfig,
): Result<string, Answer<never>> {
  const reason = checkWebhookUrl(text, { allowPrivate });
  if (reason === null) return ok(new URL(text).href);
  const detail = `The address ${REFUSAL_WORDS[reason]}`;
  return err(refuse('WEBHOOK_URL_REFUSED', { reason, detail, path: '/body/url' }));
}

function listRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/webhooks',
    access: 'administrator',
    summary: 'The webhooks of the tenant, by name',
    tag: TAG,
    query: PageQuerySchema,
    reply: WebhookPageSchema,
    async handle({ caller, query }) {
      const page = pageOfAll((await caller.inTenant(listWebhooks)).map(toReply), query);
      return page.ok ? answer(page.value) : refuse(page.error);
    },
  });
}

function createRoute({ config }: WebhookDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/webhooks',
    access: 'administrator',
    summary: 'Makes a webhook and answers the secret that signs what it is sent',
    tag: TAG,
    body: CreateWebhookBodySchema,
    reply: CreatedWebhookSchema,
    status: 201,
    async handle({ caller, body: { name, url: text } }) {
      const url = parseUrl(text, config.channels);
      if (!url.ok) return url.error;
      const { webhook, secret } = await caller.inTenant((tenant) =>
        createWebhook(tenant, { name, url: url.value }),
      );
      return answer({ webhook: toReply(webhook), secret });
    },
  });
}

function getRoute(): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/webhooks/:webhookId',
    access: 'administrator',
    summary: 'One webhook',
    tag: TAG,
    params: WebhookParamsSchema,
    reply: WebhookSchema,
    async handle({ caller, params }) {
      const id = toWebhookId(params.webhookId);
      const webhook = await caller.inTenant((tenant) => getWebhook(tenant, id));
      return webhook === null ? refuse('WEBHOOK_NOT_FOUND') : answer(toReply(webhook));
    },
  });
}

function updateRoute({ config }: WebhookDeps): Route {
  return defineRoute({
    method: 'PATCH',
    url: '/api/webhooks/:webhookId',
    access: 'administrator',
    summary: 'Changes what is sent and leaves the rest; what waits goes to the new address',
    tag: TAG,
    params: WebhookParamsSchema,
    body: UpdateWebhookBodySchema,
    reply: WebhookSchema,
    async handle({ caller, params, body: { url: text, ...rest } }) {
      const url = text === undefined ? ok(undefined) : parseUrl(text, config.channels);
      if (!url.ok) return url.error;
      const change = given({ ...rest, url: url.value });
      const updated = await caller.inTenant((tenant) =>
        updateWebhook(tenant, toWebhookId(params.webhookId), change),
      );
      return updated.ok ? answer(toReply(updated.value)) : refuse(updated.error.code);
    },
  });
}

function deleteRoute(): Route {
  return defineRoute({
    method: 'DELETE',
    url: '/api/webhooks/:webhookId',
    access: 'administrator',
    summary: 'Takes a webhook away; nothing more is sent to it',
    tag: TAG,
    params: WebhookParamsSchema,
    reply: null,
    async handle({ caller, params }) {
      const deleted = await caller.inTenant((tenant) =>
        deleteWebhook(tenant, toWebhookId(params.webhookId)),
      );
      return deleted.ok ? answer(null) : refuse(deleted.error.code);
    },
  });
}

function secretRoute(): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/webhooks/:webhookId/secret',
    access: 'administrator',
    summary: 'Gives a webhook another secret; what is sent from then on is signed with it',
    tag: TAG,
    params: WebhookParamsSchema,
    reply: CreatedWebhookSchema,
    async handle({ caller, params }) {
      const renewed = await caller.inTenant((tenant) =>
        renewWebhookSecret(tenant, toWebhookId(params.webhookId)),
      );
      if (!renewed.ok) return refuse(renewed.error.code);
      return answer({ webhook: toReply(renewed.value.webhook), secret: renewed.value.secret });
    },
  });
}

function testWebhookRoute({ clock }: WebhookDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/webhooks/:webhookId/test',
    access: 'administrator',
    summary: 'Sends a webhook a test message; its delivery tells what became of it',
    tag: TAG,
    params: WebhookParamsSchema,
    reply: TestSentSchema,
    async handle({ caller, params }) {
      const to = { channel: 'webhook', webhookId: toWebhookId(params.webhookId) } as const;
      const made = await caller.inTenant((tenant) =>
        createTestDelivery(tenant, { to, nowMs: clock.nowMs() }),
      );
      return made.ok ? answer({ deliveryId: made.value }) : refuse('WEBHOOK_NOT_FOUND');
    },
  });
}

function channelsRoute({ config }: WebhookDeps): Route {
  return defineRoute({
    method: 'GET',
    url: '/api/channels',
    access: 'signedIn',
    summary: 'What this installation can send',
    tag: TAG,
    reply: ChannelsSchema,
    handle() {
      const { mailFrom: from } = config.channels;
      return Promise.resolve(answer({ email: { configured: from !== null, from } }));
    },
  });
}

function testMailRoute({ clock, config }: WebhookDeps): Route {
  return defineRoute({
    method: 'POST',
    url: '/api/channels/email/test',
    access: 'administrator',
    summary: 'Sends a test mail to oneself; its delivery tells what became of it',
    tag: TAG,
    reply: TestSentSchema,
    async handle({ caller }) {
      if (config.channels.mailFrom === null) return refuse('MAIL_NOT_CONFIGURED');
      const to = { channel: 'email', userId: caller.session.userId } as const;
      const made = await caller.inTenant((tenant) =>
        createTestDelivery(tenant, { to, nowMs: clock.nowMs() }),
      );
      return made.ok ? answer({ deliveryId: made.value }) : refuse('USER_NOT_FOUND');
    },
  });
}

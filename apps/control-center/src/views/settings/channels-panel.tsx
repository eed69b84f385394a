import { ListState } from '../../forms/list-state.tsx';
import { useChannels, useWebhooks } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { MailCard } from './channels-mail.tsx';
import { WebhooksCard } from './channels-webhooks.tsx';

/** How messages leave: mail, and webhooks. */
export function ChannelsPanel() {
  const channels = useChannels();
  const webhooks = useWebhooks();
  return (
    <ListState of={[channels, webhooks]} label={messages.channels.loading}>
      {() => (
        <>
          {channels.data !== undefined && <MailCard channels={channels.data} />}
          {webhooks.data !== undefined && <WebhooksCard webhooks={webhooks.data} />}
        </>
      )}
    </ListState>
  );
}

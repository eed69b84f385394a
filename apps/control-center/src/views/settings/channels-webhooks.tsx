import type { WebhookReply } from '@followme/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound, MoreHorizontal, Pencil, Plus, Power, Send, Trash2, Webhook } from 'lucide-react';
import { useState } from 'react';
import { testWebhook, updateWebhook } from '../../api/webhooks.ts';
import { refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Badge } from '../../ui/badge.tsx';
import { MenuButton, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { NewSecretDialog, RemoveWebhookDialog } from './channels-webhook-questions.tsx';
import { WebhookDialog } from './channels-webhook-dialog.tsx';
import { TestOutcome, useIsTestUnderWay } from './test-outcome.tsx';
import styles from './channels.module.css';

interface Props {
  readonly webhooks: readonly WebhookReply[];
}

/** What is open over the page. */
type Open =
  | { readonly kind: 'edit'; readonly webhook: WebhookReply | null }
  | { readonly kind: 'secret' | 'remove'; readonly webhook: WebhookReply }
  | null;

const text = messages.channels.webhooks;
/** Where the webhooks are kept among what the server told. */
const WEBHOOKS_KEY = ['webhooks'];

/** Programs that are told of alerts: their addresses, tests and secrets. */
export function WebhooksCard({ webhooks }: Props) {
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const refresh = (): void => void client.invalidateQueries({ queryKey: WEBHOOKS_KEY });
  const add = (
    <Button kind="primary" onPress={() => setOpen({ kind: 'edit', webhook: null })}>
      <Plus size={16} aria-hidden="true" />
      {text.add}
    </Button>
  );
  return (
    <Card title={text.title} {...(webhooks.length === 0 ? {} : { actions: add })}>
      {webhooks.length === 0 ? (
        <StateMessage icon={Webhook} title={text.emptyTitle} text={text.emptyText}>
          {add}
        </StateMessage>
      ) : (
        <>
          <p className={styles['note']}>{text.intro}</p>
          <ul className={styles['list']} aria-label={text.table}>
            {webhooks.map((webhook) => (
              <Row key={webhook.id} webhook={webhook} onOpen={setOpen} onChanged={refresh} />
            ))}
          </ul>
        </>
      )}
      {open?.kind === 'edit' && (
        <WebhookDialog webhook={open.webhook} onClose={close} onChanged={refresh} />
      )}
      {open?.kind === 'secret' && <NewSecretDialog webhook={open.webhook} onClose={close} />}
      {open?.kind === 'remove' && (
        <RemoveWebhookDialog webhook={open.webhook} onClose={close} onChanged={refresh} />
      )}
    </Card>
  );
}

interface RowProps {
  readonly webhook: WebhookReply;
  readonly onOpen: (open: Open) => void;
  readonly onChanged: () => void;
}

function fail(error: unknown): void {
  const why = refusalWords(error, messages.forms.failed);
  showToast({ kind: 'critical', title: text.failed, text: why });
}

function Row({ webhook, onOpen, onChanged }: RowProps) {
  const { id, name, url, enabled } = webhook;
  const test = useMutation({ mutationFn: () => testWebhook(id), onError: fail });
  const isUnderWay = useIsTestUnderWay(test.data?.deliveryId);
  const turn = useMutation({
    mutationFn: (isOn: boolean) => updateWebhook(id, { enabled: isOn }),
    onError: fail,
    onSuccess: (changed) => {
      onChanged();
      showToast({ kind: 'ok', title: changed.enabled ? text.turnedOn : text.turnedOff });
    },
  });
  return (
    <li className={styles['row']}>
      <div className={styles['words']}>
        <p className={styles['name']} title={name}>
          <bdi>{name}</bdi>
        </p>
        <p className={styles['url']} title={url} dir="ltr">
          {url}
        </p>
        {test.data !== undefined && <TestOutcome deliveryId={test.data.deliveryId} />}
      </div>
      <Badge kind={enabled ? 'ok' : 'plain'}>{enabled ? text.on : text.off}</Badge>
      <div className={styles['rowActions']}>
        <Button
          size="small"
          isPending={test.isPending || isUnderWay}
          isDisabled={!enabled}
          onPress={() => test.mutate()}
        >
          <Send size={14} aria-hidden="true" />
          {text.test}
        </Button>
        <RowMenu webhook={webhook} onOpen={onOpen} onTurn={turn.mutate} />
      </div>
    </li>
  );
}

interface RowMenuProps extends Pick<RowProps, 'webhook' | 'onOpen'> {
  readonly onTurn: (isOn: boolean) => void;
}

/** What is done less often than testing. */
function RowMenu({ webhook, onOpen, onTurn }: RowMenuProps) {
  const { name, enabled } = webhook;
  return (
    <MenuButton
      label={text.actions(name)}
      placement="bottom end"
      trigger={
        <IconButton size="small" label={text.actions(name)}>
          <MoreHorizontal size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={16} />} onAction={() => onOpen({ kind: 'edit', webhook })}>
        {text.edit}
      </MenuItem>
      <MenuItem
        icon={<Power size={16} />}
        {...(enabled ? { detail: text.offHint } : {})}
        onAction={() => onTurn(!enabled)}
      >
        {enabled ? text.turnOff : text.turnOn}
      </MenuItem>
      <MenuItem icon={<KeyRound size={16} />} onAction={() => onOpen({ kind: 'secret', webhook })}>
        {text.newSecret}
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        isDestructive
        icon={<Trash2 size={16} />}
        onAction={() => onOpen({ kind: 'remove', webhook })}
      >
        {text.remove}
      </MenuItem>
    </MenuButton>
  );
}

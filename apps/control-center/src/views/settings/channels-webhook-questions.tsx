import type { WebhookReply } from '@followme/contracts';
import { useMutation } from '@tanstack/react-query';
import { deleteWebhook, renewSecret } from '../../api/webhooks.ts';
import { isGone, refusalWords } from '../../forms/refusal.ts';
import { useRules } from '../../hooks/use-lists.ts';
import { messages } from '../../messages/messages.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { SecretDialog } from './channels-webhook-dialog.tsx';

interface Props {
  readonly webhook: WebhookReply;
  readonly onClose: () => void;
}

const text = messages.channels.webhooks;

function fail(error: unknown): void {
  const why = refusalWords(error, messages.forms.failed);
  showToast({ kind: 'critical', title: text.failed, text: why });
}

/** Asks before the secret in use stops to count, then shows the new one. */
export function NewSecretDialog({ webhook, onClose }: Props) {
  const renew = useMutation({ mutationFn: () => renewSecret(webhook.id), onError: fail });
  if (renew.data !== undefined) {
    return <SecretDialog secret={renew.data.secret} onClose={onClose} />;
  }
  return (
    <ConfirmDialog
      isOpen
      isDestructive={false}
      title={text.newSecretTitle(webhook.name)}
      text={text.newSecretText}
      confirmLabel={text.newSecretConfirm}
      isPending={renew.isPending}
      onConfirm={() => renew.mutate()}
      onClose={onClose}
    />
  );
}

/** Asks before a webhook goes, with the number of rules that use it. */
export function RemoveWebhookDialog({
  webhook,
  onClose,
  onChanged,
}: Props & { readonly onChanged: () => void }) {
  const rules = useRules();
  const uses = (rules.data ?? []).filter(({ webhookIds }) => webhookIds.includes(webhook.id));
  const gone = (): void => {
    onChanged();
    onClose();
    showToast({ kind: 'ok', title: text.removed });
  };
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: gone,
    onError: (error) => (isGone(error) ? gone() : fail(error)),
  });
  return (
    <ConfirmDialog
      isOpen
      title={text.removeTitle(webhook.name)}
      text={text.removeText(uses.length)}
      confirmLabel={text.removeConfirm}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}

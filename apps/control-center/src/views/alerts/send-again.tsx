import type { DeliveryReply } from '@followme/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendDeliveryAgain } from '../../api/deliveries.ts';
import { codeOf, refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toasts.tsx';

const text = messages.deliveries;

/** Tries a message once more that was given up; nothing for any other, and for who may not. */
export function SendAgain({ delivery }: { readonly delivery: DeliveryReply }) {
  const isManager = useCan('manage');
  const queryClient = useQueryClient();
  const sending = useMutation({
    mutationFn: () => sendDeliveryAgain(delivery.id),
    onSuccess: () => showToast({ kind: 'ok', title: text.sentAgain, text: delivery.receiver }),
    onError: (error) =>
      showToast({
        kind: 'warning',
        title: text.notSentAgain,
        text:
          codeOf(error) === 'DELIVERY_STATE'
            ? text.stateChanged
            : refusalWords(error, messages.forms.failed),
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  if (!isManager || delivery.state !== 'dead') return null;
  return (
    <Button size="small" isPending={sending.isPending} onPress={() => sending.mutate()}>
      {text.sendAgain}
    </Button>
  );
}

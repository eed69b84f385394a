import type { DeliveryReply } from '@followme/contracts';
import { messages } from '../../messages/messages.ts';
import { Badge } from '../../ui/badge.tsx';

const KINDS = { waiting: 'info', delivered: 'ok', dead: 'critical', skipped: 'plain' } as const;

/** What became of a message, in a word. */
export function DeliveryState({ state }: Pick<DeliveryReply, 'state'>) {
  return <Badge kind={KINDS[state]}>{messages.deliveries.state[state]}</Badge>;
}

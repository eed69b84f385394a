import type { DeliveryReply } from '@followme/contracts';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { DeliveryAttempts } from './delivery-attempts.tsx';
import { DeliveryState } from './delivery-state.tsx';
import styles from './alert-detail.module.css';

const text = messages.alerts.page;

/** What was sent for an alert, to whom, and what became of it; the attempts on request. */
export function AlertDeliveries({ deliveries }: { readonly deliveries: readonly DeliveryReply[] }) {
  return (
    <section aria-labelledby="alert-messages">
      <h3 id="alert-messages" className={styles['heading']}>
        {text.messages}
      </h3>
      {deliveries.length === 0 && <p className={styles['none']}>{text.noMessages}</p>}
      <ul role="list" className={styles['deliveries']}>
        {deliveries.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </section>
  );
}

function Delivery({ delivery }: { readonly delivery: DeliveryReply }) {
  const { id, state, receiver, address, channel, purpose } = delivery;
  const [isOpen, setIsOpen] = useState(false);
  const Icon = isOpen ? ChevronUp : ChevronDown;
  return (
    <li className={styles['delivery']}>
      <DeliveryState state={state} />
      <span className={styles['receiver']}>
        <b>
          <bdi>{receiver}</bdi>
        </b>
        <span className={styles['address']}>
          {messages.deliveries.channel[channel]} · {messages.deliveries.purpose[purpose]} ·{' '}
          <bdi>{address}</bdi>
        </span>
      </span>
      <Button
        size="small"
        kind="ghost"
        aria-expanded={isOpen}
        onPress={() => setIsOpen(!isOpen)}
        aria-label={messages.deliveries.attemptsOf(receiver)}
      >
        {text.attempts}
        <Icon size={14} aria-hidden="true" />
      </Button>
      {isOpen && <DeliveryAttempts deliveryId={id} />}
    </li>
  );
}

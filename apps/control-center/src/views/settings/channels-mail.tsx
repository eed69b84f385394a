import type { Channels } from '@followme/contracts';
import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { testMail } from '../../api/webhooks.ts';
import { CopyField } from '../../forms/copy-field.tsx';
import { refusalWords } from '../../forms/refusal.ts';
import { messages } from '../../messages/messages.ts';
import { useSession } from '../../session/session-context.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TestOutcome, useIsTestUnderWay } from './test-outcome.tsx';
import styles from './channels.module.css';

interface Props {
  readonly channels: Channels;
}

const text = messages.channels.mail;
/** What the server is started with; names of settings, not sentences. */
const HOW =
  'FOLLOWME_SMTP_URL=smtp://user:password@mail.example.org:587 FOLLOWME_MAIL_FROM=alerts@example.org';

/** Whether mail can be sent, how to make it so, and a test. */
export function MailCard({ channels: { email } }: Props) {
  return (
    <Card title={text.title}>{email.configured ? <MailOn from={email.from} /> : <MailOff />}</Card>
  );
}

function MailOff() {
  return (
    <div className={styles['fields']}>
      <Banner kind="info" title={`${text.off}.`} isLive={false}>
        {text.offText}
      </Banner>
      <p>{text.offHow}</p>
      <CopyField label={text.settings} value={HOW} copyLabel={text.copy} />
    </div>
  );
}

function MailOn({ from }: { readonly from: string | null }) {
  const { user } = useSession();
  const test = useMutation({ mutationFn: testMail });
  const isUnderWay = useIsTestUnderWay(test.data?.deliveryId);
  return (
    <div className={styles['fields']}>
      <p>{from === null ? text.onUnnamed : text.on(from)}</p>
      <div className={styles['test']}>
        <Button isPending={test.isPending || isUnderWay} onPress={() => test.mutate()}>
          <Send size={16} aria-hidden="true" />
          {text.test}
        </Button>
        <span className={styles['note']}>{text.testTo(user.email)}</span>
      </div>
      {test.data !== undefined && <TestOutcome deliveryId={test.data.deliveryId} />}
      {test.isError && (
        <Banner kind="critical" title={messages.channels.test.notSent}>
          {refusalWords(test.error, messages.forms.failed)}
        </Banner>
      )}
    </div>
  );
}

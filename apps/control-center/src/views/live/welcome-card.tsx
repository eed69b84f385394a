import { BellRing, Hexagon, Shapes, X } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { useIsCritical } from '../../alerts/alerts-context.ts';
import { storedFlag } from '../../browser/preferences.ts';
import { messages } from '../../messages/messages.ts';
import { Link, useRoute } from '../../shell/route.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import styles from './welcome-card.module.css';

/** Somebody has read it, or does not want to. */
const wasRead = storedFlag('followme.welcomed');
const REOPENED = 'followme:welcome';

/** Shows the card again, from the page of help. */
export function reopenWelcome(): void {
  wasRead.write(false);
  window.dispatchEvent(new Event(REOPENED));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(REOPENED, onChange);
  return () => window.removeEventListener(REOPENED, onChange);
}

const text = messages.live.welcome;
const STEPS = [
  [Shapes, text.marksTitle, text.marks],
  [Hexagon, text.placesTitle, text.places],
  [BellRing, text.alertsTitle, text.alerts],
] as const;

/** What one looks at, for who sees it for the first time. Once closed it stays closed on this machine. */
export function WelcomeCard() {
  const isOpen = useSyncExternalStore(subscribe, () => !wasRead.read());
  const { section } = useRoute();
  const isCritical = useIsCritical();
  const [step, setStep] = useState(0);
  const current = STEPS[step] ?? STEPS[0];
  const [Icon, title, words] = current;
  const isLast = step === STEPS.length - 1;

  function close(): void {
    wasRead.write(true);
    setStep(0);
    window.dispatchEvent(new Event(REOPENED));
  }

  // not over a map that is drawn on, and nobody learns the marks while somebody calls for help
  if (!isOpen || isCritical || section !== 'live') return null;
  return (
    <section className={styles['card']} aria-label={text.title} data-welcome="">
      <header className={styles['header']}>
        <h2>{text.title}</h2>
        <span className={styles['count']}>{text.step(step + 1, STEPS.length)}</span>
        <IconButton size="small" label={messages.detail.close} onPress={close}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </header>
      <div className={styles['body']} aria-live="polite">
        <Icon size={20} aria-hidden="true" />
        <div>
          <h3>{title}</h3>
          <p>{words}</p>
        </div>
      </div>
      <footer className={styles['footer']}>
        <Link href="/help" className={styles['more']}>
          {text.more}
        </Link>
        {step > 0 && (
          <Button size="small" onPress={() => setStep(step - 1)}>
            {text.back}
          </Button>
        )}
        <Button size="small" kind="primary" onPress={() => (isLast ? close() : setStep(step + 1))}>
          {isLast ? text.done : text.next}
        </Button>
      </footer>
    </section>
  );
}

import { Check, Copy } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { browserClock } from '../browser/clock.ts';
import { copyText } from '../browser/clipboard.ts';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import styles from './form.module.css';

interface Props {
  readonly label: string;
  readonly value: string;
  /** What the button does, read aloud: "Copy the port". */
  readonly copyLabel: string;
}

const COPIED_MS = 2000;

/** A text to hand on, exactly as it is: one press copies it, one press on the text chooses it all. */
export function CopyField({ label, value, copyLabel }: Props) {
  const [copies, setCopies] = useState(0);
  const labelId = useId();
  useEffect(
    () => (copies === 0 ? undefined : browserClock.after(COPIED_MS, () => setCopies(0))),
    [copies],
  );

  async function copy(): Promise<void> {
    if (await copyText(value)) setCopies((count) => count + 1);
  }

  return (
    <div className={styles['copy']}>
      <span id={labelId} className={styles['copyLabel']}>
        {label}
      </span>
      {/* not translated, not mirrored: it is typed into a device or a form */}
      <code dir="ltr" translate="no" aria-labelledby={labelId} className={styles['copyValue']}>
        {value}
      </code>
      <Button aria-label={copyLabel} onPress={() => void copy()}>
        {copies > 0 ? (
          <Check size={16} aria-hidden="true" />
        ) : (
          <Copy size={16} aria-hidden="true" />
        )}
        <span aria-live="polite">{copies > 0 ? messages.forms.copied : messages.forms.copy}</span>
      </Button>
    </div>
  );
}

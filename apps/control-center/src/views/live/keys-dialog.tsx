import { X } from 'lucide-react';
import { type RefObject } from 'react';
import { messages } from '../../messages/messages.ts';
import { IconButton } from '../../ui/button.tsx';
import styles from './keys-dialog.module.css';

interface Props {
  readonly dialogRef: RefObject<HTMLDialogElement | null>;
}

const text = messages.keys;

/** Everything the keyboard does. Opened with `showModal`, closed with Escape or its button. */
export function KeysDialog({ dialogRef }: Props) {
  return (
    <dialog ref={dialogRef} className={styles['dialog']} aria-labelledby="keys-title">
      <header>
        <h2 id="keys-title">{text.title}</h2>
        <IconButton label={text.close} onClick={() => dialogRef.current?.close()}>
          <X size={18} />
        </IconButton>
      </header>
      <dl className={styles['list']}>
        {text.list.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

import { X } from 'lucide-react';
import { useState } from 'react';
import type { StreetMapState } from '../../hooks/use-street-map.ts';
import { messages } from '../../messages/messages.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import styles from './street-map-bar.module.css';

interface Props {
  readonly street: StreetMapState;
}

const text = messages.street;

/** Says that the street map is not there, what is there instead, and how to try again. */
export function StreetMapBar({ street }: Props) {
  const [isHidden, setHidden] = useState(false);
  if (street.state !== 'failed' || isHidden) return null;
  return (
    <Banner
      kind="warning"
      className={styles['bar']}
      title={text.failedTitle}
      action={
        <span className={styles['actions']}>
          <Button size="small" onPress={street.retry}>
            {text.tryAgain}
          </Button>
          <IconButton size="small" label={text.hide} onPress={() => setHidden(true)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </span>
      }
    >
      {text.failedText}
    </Banner>
  );
}

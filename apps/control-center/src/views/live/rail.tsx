import { Keyboard, Map as MapIcon, Table } from 'lucide-react';
import { messages } from '../../messages/messages.ts';
import { Logo } from '../../ui/logo.tsx';
import styles from './rail.module.css';

interface Props {
  readonly view: 'map' | 'table';
  readonly onView: (view: 'map' | 'table') => void;
  readonly onKeys: () => void;
}

const text = messages.nav;

/** The way between sections: at the left edge, below as tabs on a phone. */
export function Rail({ view, onView, onKeys }: Props) {
  return (
    <nav className={styles['rail']} aria-label={text.sections}>
      <span className={styles['logo']}>
        <Logo size={32} />
      </span>
      <button
        type="button"
        className={styles['item']}
        aria-current={view === 'map' ? 'page' : undefined}
        onClick={() => onView('map')}
      >
        <MapIcon size={18} strokeWidth={1.75} aria-hidden="true" />
        {text.live}
      </button>
      <button
        type="button"
        className={styles['item']}
        aria-current={view === 'table' ? 'page' : undefined}
        onClick={() => onView('table')}
      >
        <Table size={18} strokeWidth={1.75} aria-hidden="true" />
        {text.table}
      </button>
      <span className={styles['space']} />
      <button type="button" className={`${styles['item']} ${styles['keys']}`} onClick={onKeys}>
        <Keyboard size={18} strokeWidth={1.75} aria-hidden="true" />
        {text.keys}
      </button>
    </nav>
  );
}

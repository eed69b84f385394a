/** The rows of a list of choices, the same in Select and MultiSelect. */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import styles from './popup.module.css';

/** One thing to choose. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  /** A second, quieter line. */
  readonly detail?: string | undefined;
  /** A picture before the words, 16 px. */
  readonly icon?: ReactNode;
}

interface Props {
  /** Left out inside a combo box, which brings its own filtered rows. */
  readonly items?: readonly Choice[];
}

/** What typing finds a choice by: an e-mail address as well as a name. */
function soughtAs({ label, detail }: Choice): string {
  return detail === undefined ? label : `${label} ${detail}`;
}

/** Rows with a check at what is chosen. */
export function ChoiceList({ items }: Props) {
  return (
    <ListBox
      {...(items === undefined ? {} : { items })}
      className={styles['list'] ?? ''}
      renderEmptyState={() => <p className={styles['empty']}>{messages.ui.nothingFound}</p>}
    >
      {(item: Choice) => (
        <ListBoxItem textValue={soughtAs(item)} className={styles['item'] ?? ''}>
          {({ isSelected }) => (
            <>
              {item.icon}
              <span className={styles['words']}>
                <bdi className={styles['name']}>{item.label}</bdi>
                {item.detail !== undefined && (
                  <span className={styles['detail']}>{item.detail}</span>
                )}
              </span>
              {isSelected && <Check size={16} className={styles['check']} aria-hidden="true" />}
            </>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Tag, TagGroup, TagList } from 'react-aria-components';
import { messages } from '../messages/messages.ts';
import { classNames } from './class-names.ts';
import styles from './chip.module.css';

interface Props {
  /** `accent`: chosen, in force. `plain`: only named. */
  readonly kind?: 'plain' | 'accent';
  /** A picture before the words, 13 px. */
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** A name in a rounded box: a group, a filter. Chips one can take away are a `ChipRow`. */
export function Chip({ kind = 'plain', icon, children, className }: Props) {
  return (
    <span className={classNames(styles['chip'], styles[kind], className)}>
      {icon}
      <bdi className={styles['words']}>{children}</bdi>
    </span>
  );
}

interface RowProps {
  /** What these are, read aloud. */
  readonly label: string;
  readonly items: readonly { readonly id: string; readonly label: string }[];
  /** Takes one away; left out, they stay. Also by Delete and Backspace on the focused chip. */
  readonly onRemove?: ((id: string) => void) | undefined;
  readonly kind?: 'plain' | 'accent';
}

/** Chips in a row, one stop of the Tab key; arrows go from chip to chip. */
export function ChipRow({ label, items, onRemove, kind = 'accent' }: RowProps) {
  if (items.length === 0) return null;
  return (
    <TagGroup
      aria-label={label}
      className={styles['group'] ?? ''}
      {...(onRemove === undefined
        ? {}
        : { onRemove: (ids: Set<string | number>) => ids.forEach((id) => onRemove(String(id))) })}
    >
      <TagList items={items} className={styles['row'] ?? ''}>
        {(item) => (
          <Tag textValue={item.label} className={classNames(styles['chip'], styles[kind])}>
            <bdi className={styles['words']}>{item.label}</bdi>
            {onRemove !== undefined && (
              <Button
                slot="remove"
                className={styles['remove'] ?? ''}
                aria-label={messages.ui.remove(item.label)}
              >
                <X size={13} aria-hidden="true" />
              </Button>
            )}
          </Tag>
        )}
      </TagList>
    </TagGroup>
  );
}

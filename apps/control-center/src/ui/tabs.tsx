import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { classNames } from './class-names.ts';
import styles from './tabs.module.css';

/** One tab and what it shows. */
export interface TabOf<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** A number beside the words. */
  readonly count?: number;
  readonly icon?: ReactNode;
  readonly content: ReactNode;
}

interface Props<Id extends string> {
  /** What they are parts of, read aloud. */
  readonly label: string;
  readonly items: readonly TabOf<Id>[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
  readonly className?: string | undefined;
}

/** Parts of one page, one in sight. Left and right move between them. */
export function Tabs<Id extends string>({ label, items, value, onChange, className }: Props<Id>) {
  return (
    <AriaTabs
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = items.find((item) => item.id === key);
        if (chosen !== undefined) onChange(chosen.id);
      }}
      className={classNames(styles['tabs'], className)}
    >
      <TabList aria-label={label} className={styles['list'] ?? ''}>
        {items.map(({ id, label: words, count, icon }) => (
          <Tab key={id} id={id} className={styles['tab'] ?? ''}>
            {icon}
            {words}
            {count !== undefined && <span className={styles['count']}>{count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map(({ id, content }) => (
        <TabPanel key={id} id={id} className={styles['panel'] ?? ''}>
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

import { useSyncExternalStore } from 'react';
import { messages } from '../messages/messages.ts';
import { Link, parseRoute, watchAddress } from './route.ts';
import type { Tab } from './sections.tsx';
import styles from './section-tabs.module.css';

/** Whether an address belongs to a tab: the same section, and the part of it that the tab names. */
function isTabOpen(tab: Tab, pathname: string, search: string): boolean {
  if (parseRoute(pathname).section !== tab.section) return false;
  const [, wanted = ''] = tab.path.split('?');
  const state = new URLSearchParams(search).get('state');
  return new URLSearchParams(wanted).get('state') === (state === 'closed' ? 'closed' : null);
}

/** Sections that belong together, above the page of each. */
export function SectionTabs({ tabs }: { readonly tabs: readonly Tab[] }) {
  const address = useSyncExternalStore(
    watchAddress,
    () => `${location.pathname}${location.search}`,
  );
  const [pathname = '', search = ''] = address.split(/(?=\?)/);
  return (
    <nav className={styles['tabs']} aria-label={messages.shell.tabs}>
      {tabs.map((tab) => (
        <Link
          key={tab.path}
          href={tab.path}
          className={styles['tab']}
          aria-current={isTabOpen(tab, pathname, search) ? 'page' : undefined}
        >
          {tab.title}
        </Link>
      ))}
    </nav>
  );
}

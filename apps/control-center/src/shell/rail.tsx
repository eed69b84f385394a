import type { SessionReply } from '@followme/contracts';
import { Ellipsis } from 'lucide-react';
import { useRef } from 'react';
import { useAlertValue, useIsCritical } from '../alerts/alerts-context.ts';
import { messages } from '../messages/messages.ts';
import { useSession } from '../session/session-context.ts';
import { BrandLogo } from '../brand/brand-logo.tsx';
import { Link, type SectionId, useRoute } from './route.ts';
import { type Section, sectionById, SECTIONS } from './sections.tsx';
import { useLiveSearch } from '../browser/url-state.ts';
import styles from './rail.module.css';

const text = messages.shell;
/** The badge has room for two digits. */
const MOST_COUNTED = 99;
/** On a phone these are tabs, the others are behind "More". */
const PHONE_TABS: ReadonlySet<SectionId> = new Set<SectionId>(['live', 'alerts', 'places']);

function entriesFor(session: SessionReply): readonly Section[] {
  return SECTIONS.filter(({ stands, visibleTo }) => stands !== 'tab' && visibleTo(session));
}

/** The way between sections: at the left edge, below as tabs on a phone. */
export function Rail() {
  const session = useSession();
  const { section } = useRoute();
  const lit = sectionById(section)?.rail ?? null;
  const entries = entriesFor(session);
  return (
    <nav className={styles['rail']} aria-label={messages.nav.sections} data-region="sections">
      <span className={styles['logo']}>
        <BrandLogo size={32} isSquare />
      </span>
      {entries.map((entry) => (
        <RailLink key={entry.id} entry={entry} isLit={entry.id === lit} />
      ))}
      <More entries={entries.filter(({ id }) => !PHONE_TABS.has(id))} lit={lit} />
    </nav>
  );
}

interface RailLinkProps {
  readonly entry: Section;
  readonly isLit: boolean;
}

function RailLink({ entry, isLit }: RailLinkProps) {
  const { id, icon: Icon, path, title, stands } = entry;
  const liveSearch = useLiveSearch();
  return (
    <Link
      href={id === 'live' ? `/${liveSearch}` : path}
      className={styles['item']}
      aria-current={isLit ? 'page' : undefined}
      data-stands={stands}
      data-phone={PHONE_TABS.has(id)}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      <span className={styles['word']}>{title}</span>
      {id === 'alerts' && <AlertsBadge />}
    </Link>
  );
}

/** How many alerts wait; red while one of them is critical. */
function AlertsBadge() {
  const count = useAlertValue(({ queue }) => queue.length);
  const isCritical = useIsCritical();
  if (count === 0) return null;
  return (
    <span className={styles['badge']} data-critical={isCritical}>
      <span aria-hidden="true">{count > MOST_COUNTED ? `${MOST_COUNTED}+` : count}</span>
      <span className={styles['aloud']}>{messages.alerts.badge(count)}</span>
    </span>
  );
}

interface MoreProps {
  readonly entries: readonly Section[];
  readonly lit: SectionId | null;
}

/** On a phone: the sections that have no tab. */
function More({ entries, lit }: MoreProps) {
  const menuRef = useRef<HTMLDivElement>(null);
  const isLit = entries.some(({ id }) => id === lit);
  return (
    <>
      <button
        type="button"
        className={`${styles['item']} ${styles['more']}`}
        aria-current={isLit ? 'page' : undefined}
        popoverTarget="more-sections"
      >
        <Ellipsis size={18} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles['word']}>{text.more}</span>
      </button>
      <div ref={menuRef} id="more-sections" popover="auto" className={styles['menu']}>
        {entries.map(({ id, icon: Icon, path, title }) => (
          <Link
            key={id}
            href={path}
            className={styles['entry']}
            aria-current={id === lit ? 'page' : undefined}
            onClick={() => menuRef.current?.hidePopover()}
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
            {title}
          </Link>
        ))}
      </div>
    </>
  );
}

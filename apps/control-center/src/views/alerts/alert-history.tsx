import type { AlertEntry } from '@followme/contracts';
import {
  Check,
  CircleX,
  type LucideIcon,
  Megaphone,
  MessageSquare,
  Repeat,
  RotateCcw,
  Siren,
  UserMinus,
  UserPlus,
} from 'lucide-react';
import { formatClockSeconds, formatExact } from '../../format/relative-time.ts';
import { messages } from '../../messages/messages.ts';
import styles from './alert-detail.module.css';

const text = messages.alerts.page;

const ICONS: Readonly<Record<AlertEntry['kind'], LucideIcon>> = {
  raised: Siren,
  repeated: Repeat,
  acknowledged: Check,
  assigned: UserPlus,
  unassigned: UserMinus,
  commented: MessageSquare,
  escalated: Megaphone,
  closed: CircleX,
  reopened: RotateCcw,
};

function entryWords({ kind, by, about }: AlertEntry): string {
  const who = by?.name ?? text.system;
  const words = text.entry;
  if (kind === 'raised' || kind === 'repeated') return words[kind];
  if (kind === 'assigned') return words.assigned(who, about?.name ?? messages.alerts.nobody);
  if (kind === 'escalated') {
    return about === null ? words.escalated : words.escalatedTo(about.name);
  }
  return words[kind](who);
}

/** What happened to an alert and what people did with it, oldest first. */
export function AlertHistory({ entries }: { readonly entries: readonly AlertEntry[] }) {
  return (
    <section aria-labelledby="alert-history">
      <h3 id="alert-history" className={styles['heading']}>
        {text.history}
      </h3>
      <ol className={styles['history']}>
        {entries.map((entry, i) => (
          // entries are only ever added at the end
          <Entry key={i} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry }: { readonly entry: AlertEntry }) {
  const Icon = ICONS[entry.kind];
  const timeMs = Date.parse(entry.time);
  return (
    <li className={styles['entry']}>
      <time dateTime={entry.time} title={formatExact(timeMs)} className={styles['time']}>
        {formatClockSeconds(timeMs)}
      </time>
      <Icon size={14} aria-hidden="true" />
      <div className={styles['entryWords']}>
        <p>{entryWords(entry)}</p>
        {entry.comment !== null && (
          <blockquote dir="auto" className={styles['comment']}>
            {entry.comment}
          </blockquote>
        )}
      </div>
    </li>
  );
}

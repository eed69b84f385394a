import { useQuery } from '@tanstack/react-query';
import { Check, ChevronDown, ChevronUp, LogIn, LogOut, Pause, Play } from 'lucide-react';
import { memo, useEffect, useMemo, useState } from 'react';
import { AlertTitle } from '../../alerts/alert-words.tsx';
import { useAlertValue } from '../../alerts/alerts-context.ts';
import { fetchRecentCrossings } from '../../api/client.ts';
import { formatClockSeconds, formatExact } from '../../format/relative-time.ts';
import { useLiveValue, useTracker } from '../../live/live-context.ts';
import type { Crossing } from '../../live/socket-frames.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import {
  ACTIVITY_KINDS,
  type ActivityItem,
  activityItems,
  type ActivityKind,
} from './activity-items.ts';
import { mergeCrossings } from './use-tracker-crossings.ts';
import styles from './activity-strip.module.css';

interface Props {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onSelect: (trackerId: number) => void;
}

const text = messages.activity;
const SHOWN = 50;

/** What happened lately, from the socket and from before. */
function useActivity(shown: ActivityKind) {
  const heard = useLiveValue((snapshot) => snapshot.crossings);
  const isLive = useLiveValue((snapshot) => snapshot.connection.kind === 'live');
  const alerts = useAlertValue((snapshot) => snapshot.byId);
  const earlier = useQuery({
    queryKey: ['crossings'],
    queryFn: ({ signal }) => fetchRecentCrossings(signal),
  });
  const { refetch, data } = earlier;
  // what happened while there was no connection was not heard on the socket
  useEffect(() => {
    if (isLive) void refetch();
  }, [isLive, refetch]);
  const items = useMemo(() => {
    const crossings = mergeCrossings(heard, data ?? []);
    return activityItems(crossings, alerts.values(), { shown, limit: SHOWN });
  }, [heard, data, alerts, shown]);
  return { items, isPending: earlier.isPending, isFailed: earlier.isError, retry: refetch };
}

/** What happens, as it happens; collapses to the newest line. Paused, it stays as it was. */
export function ActivityStrip({ open, onOpen, onSelect }: Props) {
  const [shown, setShown] = useState<ActivityKind>('all');
  const [held, setHeld] = useState<readonly ActivityItem[] | null>(null);
  const { items, isPending, isFailed, retry } = useActivity(shown);
  const visible = open ? (held ?? items) : items.slice(0, 1);

  function choose(kind: ActivityKind): void {
    setHeld(null);
    setShown(kind);
  }

  return (
    <section className={styles['strip']} aria-label={text.title} data-open={open}>
      <header className={styles['header']}>
        <h2>{text.title}</h2>
        {isFailed && (
          <span className={styles['failed']}>
            {text.failed}
            <Button size="small" onPress={() => void retry()}>
              {messages.trackers.tryAgain}
            </Button>
          </span>
        )}
        {open && (
          <Tools
            shown={shown}
            onShown={choose}
            isHeld={held !== null}
            onHold={(hold) => setHeld(hold ? items : null)}
          />
        )}
        <IconButton
          size="small"
          className={styles['toggle']}
          label={open ? text.collapse : text.expand}
          aria-expanded={open}
          onPress={() => onOpen(!open)}
        >
          {open ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
        </IconButton>
      </header>
      {visible.length === 0 && !isFailed && (
        <p className={styles['empty']}>{isPending ? text.loading : text.empty}</p>
      )}
      <ul className={styles['lines']} role="list">
        {visible.map((item) => (
          <Line key={keyOf(item)} item={item} onSelect={onSelect} />
        ))}
      </ul>
    </section>
  );
}

function keyOf(item: ActivityItem): string {
  return item.kind === 'crossing' ? item.crossing.eventId : `alert-${item.alert.id}`;
}

interface ToolsProps {
  readonly shown: ActivityKind;
  readonly onShown: (kind: ActivityKind) => void;
  readonly isHeld: boolean;
  readonly onHold: (hold: boolean) => void;
}

function Tools({ shown, onShown, isHeld, onHold }: ToolsProps) {
  return (
    <span className={styles['tools']}>
      <MenuButton
        label={text.filter}
        placement="top end"
        trigger={
          <Button kind="ghost" size="small" className={styles['filter']}>
            {text.kinds[shown]}
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
        }
      >
        {ACTIVITY_KINDS.map((kind) => (
          <MenuItem
            key={kind}
            icon={kind === shown ? <Check size={16} /> : <span className={styles['unchosen']} />}
            onAction={() => onShown(kind)}
          >
            {text.kinds[kind]}
          </MenuItem>
        ))}
      </MenuButton>
      <IconButton
        size="small"
        label={isHeld ? text.goOn : text.pause}
        aria-pressed={isHeld}
        onPress={() => onHold(!isHeld)}
      >
        {isHeld ? <Play size={16} /> : <Pause size={16} />}
      </IconButton>
    </span>
  );
}

interface LineProps {
  readonly item: ActivityItem;
  readonly onSelect: (trackerId: number) => void;
}

const Line = memo(function Line({ item, onSelect }: LineProps) {
  const { timeMs } = item;
  const { trackerId } = item.kind === 'crossing' ? item.crossing : item.alert;
  return (
    <li>
      <button type="button" className={styles['line']} onClick={() => onSelect(trackerId)}>
        <time dateTime={new Date(timeMs).toISOString()} title={formatExact(timeMs)}>
          {formatClockSeconds(timeMs)}
        </time>
        {item.kind === 'crossing' ? (
          <CrossingWords crossing={item.crossing} />
        ) : (
          <>
            <SeverityGlyph severity={item.alert.severity} size={16} />
            <span className={styles['sentence']}>
              <AlertTitle alert={item.alert} />
            </span>
          </>
        )}
      </button>
    </li>
  );
});

function CrossingWords({ crossing }: { readonly crossing: Crossing }) {
  const { kind, trackerId, fenceName } = crossing;
  const name = useTracker(trackerId)?.name ?? text.unknownTracker(trackerId);
  const Icon = kind === 'enter' ? LogIn : LogOut;
  return (
    <>
      <Icon size={14} aria-hidden="true" className={styles['crossing']} />
      <span className={styles['sentence']}>
        <bdi className={styles['who']}>{name}</bdi> {kind === 'enter' ? text.entered : text.left}{' '}
        <bdi>{fenceName}</bdi>
      </span>
    </>
  );
}

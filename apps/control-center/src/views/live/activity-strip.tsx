import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, LogIn, LogOut } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { fetchRecentCrossings } from '../../api/client.ts';
import { formatClockSeconds, formatExact } from '../../format/relative-time.ts';
import { useLiveValue, useTracker } from '../../live/live-context.ts';
import type { Crossing } from '../../live/socket-frames.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import styles from './activity-strip.module.css';

interface Props {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onSelect: (trackerId: number) => void;
}

const text = messages.activity;
const SHOWN = 50;

/** What was heard on the socket and what happened before, newest first, each once. */
function mergeCrossings(
  heard: readonly Crossing[],
  earlier: readonly Crossing[],
): readonly Crossing[] {
  const known = new Set(heard.map((crossing) => crossing.eventId));
  const merged = [...heard, ...earlier.filter((crossing) => !known.has(crossing.eventId))];
  return merged.sort((a, b) => b.fixMs - a.fixMs).slice(0, SHOWN);
}

/** Crossings of places as they happen; collapses to the newest line. */
export function ActivityStrip({ open, onOpen, onSelect }: Props) {
  const heard = useLiveValue((snapshot) => snapshot.crossings);
  const isLive = useLiveValue((snapshot) => snapshot.connection.kind === 'live');
  const earlier = useQuery({
    queryKey: ['crossings'],
    queryFn: ({ signal }) => fetchRecentCrossings(signal),
  });
  const { refetch } = earlier;
  // what happened while there was no connection was not heard on the socket
  useEffect(() => {
    if (isLive) void refetch();
  }, [isLive, refetch]);

  const { data } = earlier;
  const crossings = useMemo(() => mergeCrossings(heard, data ?? []), [heard, data]);
  const shown = open ? crossings : crossings.slice(0, 1);
  return (
    <section className={styles['strip']} aria-label={text.title} data-open={open}>
      <header className={styles['header']}>
        <h2>{text.title}</h2>
        {earlier.isError && (
          <span className={styles['failed']}>
            {text.failed}
            <Button size="small" onClick={() => void refetch()}>
              {messages.trackers.tryAgain}
            </Button>
          </span>
        )}
        <IconButton
          className={styles['toggle']}
          label={open ? text.collapse : text.expand}
          aria-expanded={open}
          onClick={() => onOpen(!open)}
        >
          {open ? <ChevronDown size={16} /> : <ChevronUp size={16} />}
        </IconButton>
      </header>
      {crossings.length === 0 && !earlier.isError && (
        <p className={styles['empty']}>{earlier.isPending ? text.loading : text.empty}</p>
      )}
      <ul className={styles['lines']} role="list">
        {shown.map((crossing) => (
          <Line key={crossing.eventId} crossing={crossing} onSelect={onSelect} />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly crossing: Crossing;
  readonly onSelect: (trackerId: number) => void;
}

function Line({ crossing, onSelect }: LineProps) {
  const { kind, trackerId, fenceName, fixMs } = crossing;
  const name = useTracker(trackerId)?.name ?? text.unknownTracker(trackerId);
  const Icon = kind === 'enter' ? LogIn : LogOut;
  return (
    <li>
      <button type="button" className={styles['line']} onClick={() => onSelect(trackerId)}>
        <time dateTime={new Date(fixMs).toISOString()} title={formatExact(fixMs)}>
          {formatClockSeconds(fixMs)}
        </time>
        <Icon size={14} aria-hidden="true" />
        <span className={styles['sentence']}>
          <bdi className={styles['who']}>{name}</bdi> {kind === 'enter' ? text.entered : text.left}{' '}
          <bdi>{fenceName}</bdi>
        </span>
      </button>
    </li>
  );
}

import type { AlertReply } from '@followme/contracts';
import { CircleX, Ellipsis, MapPin, SquareArrowOutUpRight, UserRoundPlus } from 'lucide-react';
import { memo } from 'react';
import { useAlertActions } from '../../alerts/alert-actions.tsx';
import { isUnanswered } from '../../alerts/alert-order.ts';
import { AlertTitle, alertTitle, takenBy } from '../../alerts/alert-words.tsx';
import { updateUrl } from '../../browser/url-state.ts';
import { formatAgoShort, formatExact } from '../../format/relative-time.ts';
import { formatRunning } from '../../format/running-time.ts';
import { useNow } from '../../hooks/use-now.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { navigate } from '../../shell/route.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { MenuButton, MenuItem } from '../../ui/menu.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import styles from './queue.module.css';

interface Props {
  readonly alert: AlertReply;
  /** The oldest critical alert that nobody has answered: the one filled red block. */
  readonly isFilled: boolean;
}

const text = messages.alerts;

/** One alert: who, where, how long, what happens next and when, who has it. */
export const QueueCard = memo(function QueueCard({ alert, isFilled }: Props) {
  const { id, severity, occurrences } = alert;
  const unanswered = isUnanswered(alert);
  return (
    <article
      className={styles['card']}
      aria-labelledby={`alert-${id}`}
      data-alert-id={id}
      data-severity={severity}
      data-filled={isFilled}
      data-unanswered={unanswered}
      tabIndex={-1}
    >
      <SeverityGlyph severity={severity} label={text.severity[severity]} />
      <h3 id={`alert-${id}`} className={styles['what']}>
        <button
          type="button"
          className={styles['open']}
          title={alertTitle(alert)}
          onClick={() => showOnMap(alert)}
        >
          <span>
            <AlertTitle alert={alert} />
          </span>
        </button>
        {occurrences > 1 && (
          <Badge kind={severity}>
            <span aria-hidden="true">{text.times(occurrences)}</span>
            <span className={styles['aloud']}>{text.timesLong(occurrences)}</span>
          </Badge>
        )}
      </h3>
      <Waiting alert={alert} />
      <div className={styles['words']}>
        <Where alert={alert} />
        {unanswered && <Next alert={alert} />}
        {/* given to somebody is not answered yet */}
        {(!unanswered || alert.assigned !== null) && <TakenBy alert={alert} />}
      </div>
      <Actions alert={alert} isFilled={isFilled} />
    </article>
  );
});

/** The map moves there because somebody asked, never by itself. */
function showOnMap({ trackerId }: AlertReply): void {
  updateUrl({ trackerId, view: 'map' });
}

/** A clock that runs while a critical alert waits; else how long it has been there. */
function Waiting({ alert }: { readonly alert: AlertReply }) {
  const nowMs = useNow();
  const raisedMs = Date.parse(alert.raisedTime);
  const runs = alert.severity === 'critical' && isUnanswered(alert);
  const words = runs ? formatRunning(nowMs - raisedMs) : formatAgoShort(raisedMs, nowMs);
  return (
    <time
      className={styles['time']}
      dateTime={alert.raisedTime}
      title={formatExact(raisedMs)}
      aria-label={text.for(words)}
    >
      {words}
    </time>
  );
}

function Where({ alert: { lon, lat } }: { readonly alert: AlertReply }) {
  const places = usePlaces();
  const place = lon === null || lat === null ? '' : (places?.describe(lat, lon) ?? '');
  return place === '' ? null : <p className={styles['where']}>{place}</p>;
}

/** Who is told next, and when; once the time is there, that it happens now. */
function Next({ alert: { escalates } }: { readonly alert: AlertReply }) {
  const nowMs = useNow();
  if (escalates === null || escalates.to.length === 0) return <p>{text.noAnswer}</p>;
  const { to } = escalates;
  const leftMs = Date.parse(escalates.time) - nowMs;
  const told = to.length === 1 ? text.toldIn : text.toldInSeveral;
  return (
    <p className={styles['next']}>
      {text.noAnswer} {leftMs > 0 ? told(to, formatRunning(leftMs)) : text.toldNow(to)}
    </p>
  );
}

function TakenBy({ alert }: { readonly alert: AlertReply }) {
  const name = takenBy(alert);
  if (name === null) return <p>{text.answered}</p>;
  const words = alert.assigned === null ? text.answeredBy(name) : text.isOnIt(name);
  return (
    <p className={styles['taken']}>
      <Avatar name={name} size="small" />
      <span>{words}</span>
    </p>
  );
}

function Actions({ alert, isFilled }: Props) {
  const actions = useAlertActions();
  const mayHandle = useCan('handleAlerts');
  const unanswered = isUnanswered(alert);
  return (
    <div className={styles['actions']}>
      {mayHandle && unanswered && (
        <Button
          size="small"
          kind={isFilled ? 'critical' : 'plain'}
          isPending={actions.busyIds.includes(alert.id)}
          onPress={() => void actions.acknowledge(alert)}
        >
          {text.acknowledge}
        </Button>
      )}
      {mayHandle && unanswered && (
        <Button size="small" onPress={() => actions.askAssign(alert)}>
          {text.assign}
        </Button>
      )}
      <span className={styles['space']} />
      <MenuButton
        label={alertTitle(alert)}
        placement="bottom end"
        trigger={
          <IconButton size="small" label={text.more}>
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        <CardMenu alert={alert} mayHandle={mayHandle} />
      </MenuButton>
    </div>
  );
}

interface MenuProps {
  readonly alert: AlertReply;
  readonly mayHandle: boolean;
}

function CardMenu({ alert, mayHandle }: MenuProps) {
  const actions = useAlertActions();
  return (
    <>
      <MenuItem icon={<MapPin size={16} />} onAction={() => showOnMap(alert)}>
        {text.show}
      </MenuItem>
      <MenuItem
        icon={<SquareArrowOutUpRight size={16} />}
        onAction={() => navigate(`/alerts/${alert.id}`)}
      >
        {text.open}
      </MenuItem>
      {mayHandle && (
        <MenuItem
          icon={<UserRoundPlus size={16} />}
          shortcut="S"
          onAction={() => actions.askAssign(alert)}
        >
          {text.assign}
        </MenuItem>
      )}
      {mayHandle && (
        <MenuItem icon={<CircleX size={16} />} onAction={() => actions.askClose(alert)}>
          {text.close}
        </MenuItem>
      )}
    </>
  );
}

import type { AlertReply } from '@followme/contracts';
import type { ReactNode } from 'react';
import { takenBy } from '../../alerts/alert-words.tsx';
import { formatAgo, formatExact } from '../../format/relative-time.ts';
import { formatCoordinates } from '../../format/units.ts';
import { useNow } from '../../hooks/use-now.ts';
import { usePlaces } from '../../hooks/use-places.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link } from '../../shell/route.ts';
import styles from './alert-detail.module.css';

const text = messages.alerts.page;

/** Who, where, since when, how often, by which rule, and who has it. */
export function AlertFacts({ alert }: { readonly alert: AlertReply }) {
  const { trackerId, trackerName, fenceId, fenceName, occurrences } = alert;
  const name = takenBy(alert);
  return (
    <section aria-labelledby="alert-facts">
      <h3 id="alert-facts" className={styles['heading']}>
        {text.facts}
      </h3>
      <dl className={styles['facts']}>
        <Fact label={text.tracker}>
          <Link href={`/?tracker=${trackerId}`}>
            <bdi>{trackerName}</bdi>
          </Link>
        </Fact>
        {fenceName !== null && (
          <Fact label={text.place}>
            {fenceId === null ? (
              <bdi>{fenceName}</bdi>
            ) : (
              <Link href={`/places/${fenceId}`}>
                <bdi>{fenceName}</bdi>
              </Link>
            )}
          </Fact>
        )}
        <Fact label={text.since}>
          <Moment time={alert.raisedTime} />
        </Fact>
        {occurrences > 1 && (
          <Fact label={text.often}>{messages.alerts.timesLong(occurrences)}</Fact>
        )}
        {occurrences > 1 && (
          <Fact label={text.last}>
            <Moment time={alert.lastRaisedTime} />
          </Fact>
        )}
        <Fact label={text.where}>
          <Where alert={alert} />
        </Fact>
        <Fact label={text.rule}>
          <Rule alert={alert} />
        </Fact>
        {name !== null && (
          <Fact label={text.takenBy}>
            <bdi>{name}</bdi>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Moment({ time }: { readonly time: string }) {
  const nowMs = useNow();
  const timeMs = Date.parse(time);
  return (
    <time dateTime={time} title={formatExact(timeMs)}>
      {formatAgo(timeMs, nowMs)}
    </time>
  );
}

function Where({ alert: { lon, lat } }: { readonly alert: AlertReply }) {
  const places = usePlaces();
  if (lon === null || lat === null) return text.noWhere;
  const place = places?.describe(lat, lon) ?? '';
  const coordinates = formatCoordinates(lat, lon);
  return (
    <>
      {place !== '' && <span>{place} </span>}
      <span dir="ltr" className={styles['coordinates']}>
        {coordinates}
      </span>
    </>
  );
}

function Rule({ alert: { ruleId, ruleName } }: { readonly alert: AlertReply }) {
  const isManager = useCan('manage');
  if (ruleId === null) return text.noRule;
  const name = <bdi>{ruleName ?? `#${ruleId}`}</bdi>;
  return isManager ? <Link href={`/rules/${ruleId}`}>{name}</Link> : name;
}

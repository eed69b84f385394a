import type { AlertDetail, AlertReply } from '@followme/contracts';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, CircleX, CloudOff, MapPin, RotateCcw, SearchX, UserPlus } from 'lucide-react';
import { useEffect } from 'react';
import { useAlertActions } from '../../alerts/alert-actions.tsx';
import { isUnanswered } from '../../alerts/alert-order.ts';
import { AlertTitle } from '../../alerts/alert-words.tsx';
import { useAlertValue } from '../../alerts/alerts-context.ts';
import { fetchAlert } from '../../api/alerts.ts';
import { ApiError } from '../../api/client.ts';
import { updateUrl } from '../../browser/url-state.ts';
import { messages } from '../../messages/messages.ts';
import { useCan } from '../../session/session-context.ts';
import { Link, useQueryParam } from '../../shell/route.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SeverityGlyph } from '../../ui/severity-glyph.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMessage } from '../../ui/state-message.tsx';
import { AlertDeliveries } from './alert-deliveries.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { AlertHistory } from './alert-history.tsx';
import { CommentBox } from './comment-box.tsx';
import styles from './alert-detail.module.css';

const text = messages.alerts;
const SKELETON_ROWS = 5;

/** An alert with its history; asked for again whenever the socket tells that it changed. */
function useAlertDetail(alertId: number) {
  const detail = useQuery({
    queryKey: ['alert', alertId],
    queryFn: ({ signal }) => fetchAlert(alertId, signal),
    staleTime: 0,
    retry: (failures, error) =>
      !(error instanceof ApiError && error.status === 404) && failures < 2,
  });
  const heard = useAlertValue(({ byId }) => byId.get(alertId));
  const { data, refetch } = detail;
  const isOld = heard !== undefined && data !== undefined && heard.revision > data.alert.revision;
  // closing takes it out of the store without a newer word there
  const isGone = heard === undefined && data !== undefined && data.alert.state !== 'closed';
  const heardRevision = heard?.revision ?? 0;
  useEffect(() => {
    if (isOld || isGone) void refetch();
  }, [isOld, isGone, heardRevision, refetch]);
  return { detail, alert: isOld ? heard : data?.alert };
}

/** Everything about one alert, and what can be done with it. */
export function AlertDetailView({ alertId }: { readonly alertId: number }) {
  const { detail, alert } = useAlertDetail(alertId);
  if (detail.data === undefined || alert === undefined) {
    if (!detail.isError) return <Skeleton rows={SKELETON_ROWS} label={text.loading} />;
    const isGone = detail.error instanceof ApiError && detail.error.status === 404;
    if (isGone) {
      return (
        <StateMessage icon={SearchX} title={text.page.goneTitle} text={text.page.goneText}>
          <BackLink />
        </StateMessage>
      );
    }
    return (
      <StateMessage icon={CloudOff} title={text.page.failedTitle} text={text.page.failedText}>
        <Button onPress={() => void detail.refetch()}>{messages.forms.tryAgain}</Button>
      </StateMessage>
    );
  }
  return <Known alert={alert} detail={detail.data} />;
}

function BackLink() {
  const state = useQueryParam('state');
  return (
    <Link href={state === 'closed' ? '/alerts?state=closed' : '/alerts'} className={styles['back']}>
      <ArrowLeft size={16} aria-hidden="true" />
      {text.page.back}
    </Link>
  );
}

interface KnownProps {
  readonly alert: AlertReply;
  readonly detail: AlertDetail;
}

function Known({ alert, detail }: KnownProps) {
  const maySeeDeliveries = useCan('seeDeliveries');
  const mayHandle = useCan('handleAlerts');
  const { severity, state } = alert;
  return (
    <div className={styles['content']} data-alert-id={alert.id}>
      <div className={styles['phoneOnly']}>
        <BackLink />
      </div>
      <header className={styles['head']}>
        <SeverityGlyph severity={severity} size={28} />
        <div className={styles['words']}>
          <h2 className={styles['title']}>
            <AlertTitle alert={alert} />
          </h2>
          <p className={styles['badges']}>
            <Badge kind={severity}>{text.severity[severity]}</Badge>
            <Badge kind={state === 'open' ? 'plain' : 'ok'}>{text.state[state]}</Badge>
          </p>
        </div>
      </header>
      <Deeds alert={alert} />
      <AlertFacts alert={alert} />
      <AlertHistory entries={detail.entries} />
      {mayHandle && <CommentBox alert={alert} />}
      {maySeeDeliveries && <AlertDeliveries deliveries={detail.deliveries} />}
    </div>
  );
}

function Deeds({ alert }: { readonly alert: AlertReply }) {
  const actions = useAlertActions();
  const mayHandle = useCan('handleAlerts');
  const isClosed = alert.state === 'closed';
  const isPending = actions.busyIds.includes(alert.id);
  return (
    <div className={styles['deeds']}>
      {mayHandle && isUnanswered(alert) && (
        <Button
          kind="primary"
          isPending={isPending}
          onPress={() => void actions.acknowledge(alert)}
        >
          {text.acknowledge}
        </Button>
      )}
      {mayHandle && !isClosed && (
        <>
          <Button onPress={() => actions.askAssign(alert)}>
            <UserPlus size={16} aria-hidden="true" />
            {text.assign}
          </Button>
          <Button onPress={() => actions.askClose(alert)}>
            <CircleX size={16} aria-hidden="true" />
            {text.close}
          </Button>
        </>
      )}
      {mayHandle && isClosed && (
        <Button isPending={isPending} onPress={() => void actions.reopen(alert)}>
          <RotateCcw size={16} aria-hidden="true" />
          {text.reopen}
        </Button>
      )}
      <Button onPress={() => updateUrl({ trackerId: alert.trackerId, view: 'map' })}>
        <MapPin size={16} aria-hidden="true" />
        {text.show}
      </Button>
    </div>
  );
}

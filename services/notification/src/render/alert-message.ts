/**
 * What a message about an alert says: a mail short enough for a phone (who, what, where, the way to it) and the
 * body of a webhook's call, whose field names are those of CloudEvents 1.0.
 */
import type { AlertId } from '@followme/model';
import type { DeliveryContent, DeliveryPurpose, RaisedAlert } from '@followme/store';
import type { RaiseKind } from '../raise/raise.ts';
import { timeText, WORDS, type Language, type Words } from './words.ts';

/** What is told. */
export interface AlertFacts {
  readonly alertId: AlertId;
  readonly card: RaisedAlert;
  readonly trackerName: string;
  readonly kind: RaiseKind;
  readonly purpose: Exclude<DeliveryPurpose, 'test'>;
  /** When it happened again, by our clock. */
  readonly nowMs: number;
}

/** How it is told. */
export interface Telling {
  readonly language: Language;
  /** Where people reach us, without a slash at its end; null when it is not known: then there are no links. */
  readonly publicUrl: string | null;
}

/** The mail about an alert. */
export function mailAbout(facts: AlertFacts, { language, publicUrl }: Telling): DeliveryContent {
  const words = WORDS[language];
  const { card, purpose } = facts;
  const what = headline(facts, words);
  const isEscalation = purpose === 'escalation';
  const lines = [
    what,
    '',
    `${words.when}: ${timeText(card.lastTimeMs, words)}`,
    `${words.where}: ${placeText(card, words)}`,
    ...(publicUrl === null ? [] : [`${publicUrl}/?tracker=${card.trackerId}`]),
    ...(card.occurrences > 1
      ? [words.often(card.occurrences, timeText(card.firstTimeMs, words))]
      : []),
    ...(card.ruleName === null ? [] : [`${words.rule}: ${card.ruleName}`]),
    ...(publicUrl === null ? [] : ['', `${words.answer}: ${publicUrl}/alerts/${facts.alertId}`]),
    '',
    isEscalation ? words.whyEscalated : words.why,
    '',
  ];
  return {
    subject: isEscalation ? words.unanswered(what) : what,
    text: lines.join('\n'),
    payload: null,
  };
}

/** The call about an alert. */
export function callAbout(
  facts: AlertFacts,
  deliveryId: string,
  telling: Telling,
): DeliveryContent {
  const { card, alertId } = facts;
  const { publicUrl } = telling;
  return {
    subject: headline(facts, WORDS[telling.language]),
    text: '',
    payload: {
      specversion: '1.0',
      id: deliveryId,
      source: publicUrl ?? 'urn:followme',
      type: `followme.alert.${facts.kind}`,
      subject: `alert/${alertId}`,
      time: new Date(facts.nowMs).toISOString(),
      datacontenttype: 'application/json',
      data: {
        alertId,
        severity: card.severity,
        state: card.state,
        kind: card.kind,
        tracker: { id: card.trackerId, name: facts.trackerName },
        rule: card.ruleId === null ? null : { id: card.ruleId, name: card.ruleName },
        fence: card.fenceId === null ? null : { id: card.fenceId, name: card.fenceName },
        transition: card.transition,
        alarm: card.alarm,
        occurrences: card.occurrences,
        firstTime: new Date(card.firstTimeMs).toISOString(),
        lastTime: new Date(card.lastTimeMs).toISOString(),
        lon: card.lon,
        lat: card.lat,
        url: publicUrl === null ? null : `${publicUrl}/alerts/${alertId}`,
      },
    },
  };
}

/** Who and what, in one line. */
function headline({ card, trackerName }: AlertFacts, words: Words): string {
  if (card.transition !== null)
    return words.crossed(trackerName, card.transition, card.fenceName ?? '');
  if (card.alarm !== null) return `${words.alarms[card.alarm]}: ${trackerName}`;
  return words.silent(trackerName, timeText(card.lastTimeMs, words));
}

function placeText({ lon, lat }: RaisedAlert, words: Words): string {
  return lon === null || lat === null ? words.placeUnknown : `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

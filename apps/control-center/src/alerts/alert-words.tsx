import type { AlertReply } from '@followme/contracts';
import { Fragment, type ReactNode } from 'react';
import { messages } from '../messages/messages.ts';

const text = messages.alerts;

/** How an alert is told: a sentence of up to two names. */
interface Saying {
  readonly say: (...names: readonly string[]) => string;
  readonly names: readonly string[];
}

function sayingOf(alert: AlertReply): Saying {
  const { kind, trackerName, fenceName, transition, alarm } = alert;
  const { what } = text;
  if (kind === 'silent') return { say: (who = '') => what.silent(who), names: [trackerName] };
  if (kind === 'fence') {
    const say = transition === 'enter' ? what.enter : what.exit;
    const names = [trackerName, fenceName ?? text.aPlace];
    return { say: (who = '', where = '') => say(who, where), names };
  }
  const word = alarm === null ? text.bar : messages.rules.alarms[alarm];
  return { say: (who = '') => what.alarm(word, who), names: [trackerName] };
}

/** What happened to whom, as one text: `SOS, Noor V.` */
export function alertTitle(alert: AlertReply): string {
  const { say, names } = sayingOf(alert);
  return say(...names);
}

/** Stand-ins for names, from the private use area: no sentence and no name has them. */
const FIRST_STAND_IN = 0xe000;

/** A sentence with its names isolated, so that a name in another script does not turn the rest around. */
function sentenceWithNames({ say, names }: Saying): ReactNode {
  const standIns = names.map((_, i) => String.fromCharCode(FIRST_STAND_IN + i));
  const pieces = say(...standIns).split(/([\uE000-\uE00F])/);
  return pieces.map((piece, i) => {
    const name = names[standIns.indexOf(piece)];
    // the pieces of one sentence never change their places
    return name === undefined ? <Fragment key={i}>{piece}</Fragment> : <bdi key={i}>{name}</bdi>;
  });
}

/** `alertTitle` as content of an element, its names isolated. */
export function AlertTitle({ alert }: { readonly alert: AlertReply }) {
  return sentenceWithNames(sayingOf(alert));
}

/** Who has it: whom it was given to, else who answered; null while nobody did. */
export function takenBy({ assigned, acknowledged }: AlertReply): string | null {
  return assigned?.name ?? acknowledged?.by?.name ?? null;
}

/** The words of messages, in the languages a tenant can choose. Sentences say who and what first. */
import type { AlarmName, FenceEventKind } from '@followme/model';

/** A language messages are written in. */
export type Language = 'en' | 'nl';

/** The words of one language. `name` is a tracker's, `fence` a place's, `time` an instant as text. */
export interface Words {
  /** For `Intl`. */
  readonly locale: string;
  readonly alarms: Readonly<Record<AlarmName, string>>;
  crossed(name: string, transition: FenceEventKind, fence: string): string;
  silent(name: string, time: string): string;
  unanswered(subject: string): string;
  readonly when: string;
  readonly where: string;
  readonly placeUnknown: string;
  often(times: number, since: string): string;
  readonly rule: string;
  readonly answer: string;
  readonly why: string;
  readonly whyEscalated: string;
  readonly testSubject: string;
  readonly testText: string;
}

const en: Words = {
  locale: 'en-GB',
  alarms: {
    sos: 'SOS',
    fall: 'Fall',
    lowBattery: 'Low battery',
    powerCut: 'Power cut',
    overspeed: 'Too fast',
    tamper: 'Tampering',
    vibration: 'Vibration',
    fault: 'Fault',
    geofence: 'Fence alarm of the device',
    accident: 'Accident',
    towing: 'Towing',
    idling: 'Idling',
    jamming: 'Jamming',
  },
  crossed: (name, transition, fence) =>
    `${name} ${transition === 'enter' ? 'entered' : 'left'} ${fence}`,
  silent: (name, time) => `${name} is silent since ${time}`,
  unanswered: (subject) => `Not answered yet: ${subject}`,
  when: 'When',
  where: 'Where',
  placeUnknown: 'not known',
  often: (times, since) => `It happened ${times} times since ${since}.`,
  rule: 'Rule',
  answer: 'Answer it',
  why: 'You get this message because a rule names you.',
  whyEscalated: 'You get this message because nobody has answered this alert.',
  testSubject: 'A test message',
  testText: 'Messages to this address arrive.',
};

const nl: Words = {
  locale: 'nl-NL',
  alarms: {
    sos: 'SOS',
    fall: 'Val',
    lowBattery: 'Batterij bijna leeg',
    powerCut: 'Stroom onderbroken',
    overspeed: 'Te snel',
    tamper: 'Sabotage',
    vibration: 'Trilling',
    fault: 'Storing',
    geofence: 'Gebiedsalarm van het apparaat',
    accident: 'Ongeval',
    towing: 'Wordt weggesleept',
    idling: 'Staat stationair',
    jamming: 'Signaal verstoord',
  },
  crossed: (name, transition, fence) =>
    transition === 'enter'
      ? `${name} is bij ${fence} aangekomen`
      : `${name} heeft ${fence} verlaten`,
  silent: (name, time) => `Van ${name} niets gehoord sinds ${time}`,
  unanswered: (subject) => `Nog niet beantwoord: ${subject}`,
  when: 'Wanneer',
  where: 'Waar',
  placeUnknown: 'niet bekend',
  often: (times, since) => `Het gebeurde ${times} keer sinds ${since}.`,
  rule: 'Regel',
  answer: 'Beantwoorden',
  why: 'U krijgt dit bericht omdat een regel u noemt.',
  whyEscalated: 'U krijgt dit bericht omdat nog niemand deze melding heeft beantwoord.',
  testSubject: 'Een testbericht',
  testText: 'Berichten aan dit adres komen aan.',
};

/** The words by language. */
export const WORDS: Readonly<Record<Language, Words>> = { en, nl };

/** An instant as people read it; the zone of the reader is not known, so it is UTC and says so. */
export function timeText(timeMs: number, { locale }: Words): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  return `${format.format(timeMs)} UTC`;
}

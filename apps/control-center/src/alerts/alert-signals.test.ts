import { describe, expect, test } from 'vitest';
import { en } from '../messages/en.ts';
import { createManualClock } from '../testing.ts';
import { MOST_TOASTS, ringForAlerts, toastsFor } from './alert-signals.ts';
import { type AlertNews, createAlertStore } from './alert-store.ts';
import { createSoundDesk } from './sound-desk.ts';
import { alertOf } from './testing.ts';

const words = { text: en.alerts, titleOf: ({ id }: { id: number }) => `alert ${id}` };
const raised = (id: number, parts = {}): AlertNews => ({
  kind: 'raised',
  alert: alertOf({ id, ...parts }),
});

describe('toasts', () => {
  test('a new alert says what happened to whom, a repeat how often', () => {
    const repeated: AlertNews = { kind: 'repeated', alert: alertOf({ id: 2, occurrences: 3 }) };
    expect(toastsFor([raised(1), repeated], words).map(({ title, text }) => [title, text])).toEqual(
      [
        ['alert 1', 'New alert'],
        ['alert 2', 'Happened again, 3 times so far'],
      ],
    );
  });

  test('many at once are one toast with their number', () => {
    const news = Array.from({ length: MOST_TOASTS + 1 }, (_, i) => raised(i + 1));
    expect(toastsFor(news, words)).toMatchObject([
      { title: '4 new alerts', severity: 'critical', alert: null },
    ]);
  });

  test('a repeat is told although somebody has it: it may be worse than they know', () => {
    const alert = alertOf({ state: 'acknowledged', occurrences: 2 });
    expect(toastsFor([{ kind: 'repeated', alert }], words)).toHaveLength(1);
  });

  test('what was answered already, and what was opened again, is no toast', () => {
    const answered = raised(1, { state: 'acknowledged' });
    const reopened: AlertNews = { kind: 'reopened', alert: alertOf() };
    expect(toastsFor([answered, reopened], words)).toEqual([]);
  });
});

function seat() {
  const clock = createManualClock(0);
  const heard: string[] = [];
  const desk = createSoundDesk({
    clock,
    player: {
      play: (sound) => void heard.push(sound),
      unlock: () => Promise.resolve(true),
      isBlocked: () => false,
      subscribe: () => () => undefined,
      stop: () => undefined,
    },
    memory: { read: () => false, write: () => undefined },
  });
  const alerts = createAlertStore();
  ringForAlerts(alerts, desk);
  alerts.setListed([], false);
  return { clock, alerts, heard };
}

describe('what rings', () => {
  test('a critical alert rings until it is answered', () => {
    const { clock, alerts, heard } = seat();
    alerts.receive(alertOf({ revision: 1 }));
    clock.advance(5000);
    alerts.receive(alertOf({ revision: 2, state: 'acknowledged' }));
    clock.advance(60_000);
    expect(heard).toEqual(['critical', 'critical']);
  });

  test('a repeat of a critical alert does not ring out of turn', () => {
    const { clock, alerts, heard } = seat();
    alerts.receive(alertOf({ revision: 1 }));
    clock.advance(1000);
    alerts.receive(alertOf({ revision: 2, occurrences: 2 }));
    expect(heard).toEqual(['critical']);
  });

  test('a high alert rings once, softly, and not for its repeats; a medium one never', () => {
    const { clock, alerts, heard } = seat();
    alerts.receive(alertOf({ severity: 'high', revision: 1 }));
    alerts.receive(alertOf({ severity: 'high', revision: 2, occurrences: 2 }));
    alerts.receive(alertOf({ id: 2, severity: 'medium' }));
    clock.advance(60_000);
    expect(heard).toEqual(['soft']);
  });

  test('a critical alert that was there when the page opened rings too', () => {
    const { alerts, heard } = seat();
    alerts.setListed([alertOf()], false);
    expect(heard).toEqual(['critical']);
  });
});

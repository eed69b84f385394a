import { describe, expect, test } from 'vitest';
import { type AlertNews, createAlertStore } from './alert-store.ts';
import { alertOf, closedAlertOf } from './testing.ts';

function storeWithNews() {
  const store = createAlertStore();
  const heard: AlertNews[] = [];
  store.subscribeNews((news) => heard.push(...news));
  const kinds = () => heard.map(({ kind, alert }) => `${kind} ${alert.id}`);
  const ids = () => store.snapshot().queue.map(({ id }) => id);
  return { store, kinds, ids };
}

describe('revisions', () => {
  test('the higher revision wins, in whatever order the words arrive', () => {
    const { store } = storeWithNews();
    store.receive(alertOf({ revision: 5, state: 'acknowledged' }));
    store.receive(alertOf({ revision: 4, state: 'open' }));
    expect(store.snapshot().byId.get(1)?.state).toBe('acknowledged');
    store.receive(alertOf({ revision: 6, occurrences: 3 }));
    expect(store.snapshot().byId.get(1)?.occurrences).toBe(3);
  });

  test('what was closed leaves, and an older word does not bring it back', () => {
    const { store, ids } = storeWithNews();
    store.receive(alertOf({ revision: 3 }));
    store.receive(closedAlertOf({ revision: 5 }));
    expect(ids()).toEqual([]);
    store.receive(alertOf({ revision: 4, occurrences: 2 }));
    expect(ids()).toEqual([]);
  });

  test('opened again after it was closed it is back, as news', () => {
    const { store, ids, kinds } = storeWithNews();
    store.receive(closedAlertOf({ revision: 5 }));
    store.receive(alertOf({ revision: 6 }));
    expect(ids()).toEqual([1]);
    expect(kinds()).toEqual(['reopened 1']);
  });
});

describe('lists', () => {
  test('a list removes what was closed while there was no connection', () => {
    const { store, ids } = storeWithNews();
    store.receive(alertOf({ id: 1, revision: 1 }));
    store.beginList();
    store.setListed([alertOf({ id: 2, revision: 2 })], false);
    expect(ids()).toEqual([2]);
  });

  test('what the socket told while the list was on its way stays', () => {
    const { store, ids } = storeWithNews();
    store.beginList();
    store.receive(alertOf({ id: 9, revision: 9 }));
    store.setListed([alertOf({ id: 2, revision: 2 })], false);
    expect(ids()).toEqual([2, 9]);
  });

  test('an alert that was closed while the list was on its way stays gone', () => {
    const { store, ids } = storeWithNews();
    store.beginList();
    store.receive(closedAlertOf({ revision: 3 }));
    store.setListed([alertOf({ revision: 2 })], false);
    expect(ids()).toEqual([]);
  });

  test('a list that was cut removes nothing', () => {
    const { store, ids } = storeWithNews();
    store.receive(alertOf({ id: 1, revision: 1 }));
    store.beginList();
    store.setListed([alertOf({ id: 2, revision: 2 })], true);
    expect(ids()).toEqual([1, 2]);
  });

  test('the first list is no news, a later one is', () => {
    const { store, kinds } = storeWithNews();
    store.beginList();
    store.setListed([alertOf({ id: 1, revision: 1 })], false);
    expect(kinds()).toEqual([]);
    store.beginList();
    store.setListed([alertOf({ id: 1 }), alertOf({ id: 2, revision: 2 })], false);
    expect(kinds()).toEqual(['raised 2']);
  });

  test('a list that cannot be asked for again keeps what is known and says that it is old', () => {
    const { store, ids } = storeWithNews();
    store.listFailed();
    expect(store.snapshot().status).toBe('failed');
    store.setListed([alertOf()], false);
    store.listFailed();
    expect(store.snapshot().status).toBe('old');
    expect(ids()).toEqual([1]);
  });
});

test('a repeat is news, an answer is not', () => {
  const { store, kinds } = storeWithNews();
  store.receive(alertOf({ revision: 1 }));
  store.receive(alertOf({ revision: 2, occurrences: 2 }));
  store.receive(alertOf({ revision: 3, occurrences: 2, state: 'acknowledged' }));
  expect(kinds()).toEqual(['raised 1', 'repeated 1']);
});

test('info is neither in the queue nor news, but known', () => {
  const { store, kinds, ids } = storeWithNews();
  store.receive(alertOf({ severity: 'info' }));
  expect([ids(), kinds()]).toEqual([[], []]);
  expect(store.snapshot().byId.has(1)).toBe(true);
});

test('critical first and of these the oldest unanswered, then by severity, newest first', () => {
  const { store, ids } = storeWithNews();
  const at = (minute: string) => ({ raisedTime: `2026-03-01T12:${minute}:00.000Z` });
  for (const alert of [
    alertOf({ id: 1, severity: 'medium', ...at('09') }),
    alertOf({ id: 2, severity: 'high', ...at('01') }),
    alertOf({ id: 3, severity: 'high', ...at('05') }),
    alertOf({ id: 4, state: 'acknowledged', ...at('00') }),
    alertOf({ id: 5, ...at('07') }),
    alertOf({ id: 6, ...at('03') }),
    alertOf({ id: 7, severity: 'high', state: 'acknowledged', ...at('08') }),
  ]) {
    store.receive(alert);
  }
  expect(ids()).toEqual([6, 5, 4, 3, 2, 7, 1]);
  expect(store.snapshot().ringing?.id).toBe(6);
});

test('nothing rings once every critical alert is answered', () => {
  const { store } = storeWithNews();
  store.receive(alertOf({ revision: 1 }));
  store.receive(alertOf({ revision: 2, state: 'acknowledged' }));
  store.receive(alertOf({ id: 2, severity: 'high' }));
  expect(store.snapshot().ringing).toBeNull();
});

test('of a tracker with several the loudest counts', () => {
  const { store } = storeWithNews();
  store.receive(alertOf({ id: 1, severity: 'medium' }));
  store.receive(alertOf({ id: 2, severity: 'high' }));
  expect(store.snapshot().worstByTracker.get(1)).toBe('high');
});

test('who closed the last one is remembered by its time, not by when it was heard', () => {
  const { store } = storeWithNews();
  store.receive(closedAlertOf({ id: 1 }, '2026-03-01T19:12:00.000Z'));
  store.setLastClosed({ time: '2026-03-01T18:00:00.000Z', by: 'Iris' });
  expect(store.snapshot().lastClosed).toEqual({ time: '2026-03-01T19:12:00.000Z', by: 'Daan' });
});

test('what comes together is one change, and what says nothing new is none', () => {
  const { store, kinds, ids } = storeWithNews();
  let changes = 0;
  store.subscribe(() => {
    changes += 1;
  });
  const both = [alertOf({ id: 1, revision: 1 }), alertOf({ id: 2, revision: 2, severity: 'high' })];
  store.receiveAll(both);
  expect([changes, ids(), kinds()]).toEqual([1, [1, 2], ['raised 1', 'raised 2']]);
  const before = store.snapshot();
  store.receiveAll(both);
  store.receive(alertOf({ id: 1, revision: 1 }));
  expect([changes, store.snapshot() === before]).toEqual([1, true]);
});

test('an alert that changes moves within the queue', () => {
  const { store, ids } = storeWithNews();
  store.receiveAll([alertOf({ id: 1, revision: 1 }), alertOf({ id: 2, revision: 2 })]);
  expect(ids()).toEqual([1, 2]);
  store.receive(alertOf({ id: 1, revision: 3, state: 'acknowledged' }));
  expect(ids()).toEqual([2, 1]);
  store.receive(alertOf({ id: 2, revision: 4, severity: 'info' }));
  expect(ids()).toEqual([1]);
});

import type { trackers as en } from '../en/trackers.ts';

export const trackers: typeof en = {
  title: 'Trackers',
  search: 'Filter op naam of groep',
  groupMenu: 'Eén groep tonen',
  allGroups: 'Alle groepen',
  clearSearch: 'Filter wissen',
  state: { moving: 'In beweging', idle: 'Stil', silent: 'Geen signaal' },
  was: { moving: 'Was in beweging', idle: 'Stond stil', silent: 'Geen signaal' },
  noFix: 'Geen positie',
  chips: { alert: 'met melding', moving: 'in beweging', idle: 'stil', silent: 'geen signaal' },
  chipsLabel: 'Alleen tonen',
  neverHeard: 'Nog niets ontvangen',
  never: 'nooit',
  noMatchTitle: 'Geen tracker past hierbij',
  noMatchText: 'Niets heeft deze naam en toestand.',
  showAll: 'Alles tonen',
  emptyTitle: 'Nog geen trackers',
  emptyText:
    'Trackers en telefoons verschijnen hier met hun eerste positie. Een beheerder voegt ze toe en bepaalt wie ze ziet.',
  failedTitle: 'De trackers zijn niet geladen',
  failedText: 'De server antwoordt niet.',
  tryAgain: 'Opnieuw proberen',
  openSheet: 'Lijst vergroten',
};

import type { activity as en } from '../en/activity.ts';

export const activity: typeof en = {
  title: 'Activiteit',
  entered: 'kwam binnen bij',
  left: 'verliet',
  empty: 'Er is nog niets gebeurd. Wie een plaats in- of uitgaat, verschijnt hier.',
  failed: 'Eerdere activiteit is niet geladen.',
  collapse: 'Alleen de nieuwste tonen',
  expand: 'Meer tonen',
  unknownTracker: (id) => `Tracker ${id}`,
  loading: 'Activiteit laden',
  kinds: { all: 'Alles', places: 'Plaatsen', alerts: 'Meldingen' },
  filter: 'Alleen tonen',
  pause: 'Pauzeren',
  goOn: 'Doorgaan',
};

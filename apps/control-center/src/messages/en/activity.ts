/** Sentences of what happened lately. */
export const activity = {
  title: 'Activity',
  entered: 'entered',
  left: 'left',
  empty: 'Nothing happened yet. Crossings of places appear here.',
  failed: 'Earlier activity did not load.',
  collapse: 'Show only the newest',
  expand: 'Show more',
  unknownTracker: (id: number) => `Tracker ${id}`,
  loading: 'Loading activity',
  kinds: { all: 'All events', places: 'Places', alerts: 'Alerts' },
  filter: 'Show only',
  pause: 'Pause',
  goOn: 'Go on',
};

/** Sentences of the list of trackers. */
export const trackers = {
  title: 'Trackers',
  search: 'Filter by name',
  clearSearch: 'Clear filter',
  state: { moving: 'Moving', idle: 'Idle', silent: 'Silent' },
  was: { moving: 'Was moving', idle: 'Was idle', silent: 'Silent' },
  noFix: 'No fix',
  chips: { alert: 'alert', moving: 'moving', idle: 'idle', silent: 'silent' },
  chipsLabel: 'Show only',
  neverHeard: 'Nothing received yet',
  never: 'never',
  noMatchTitle: 'No tracker fits',
  noMatchText: 'Nothing has this name and state.',
  showAll: 'Show all',
  emptyTitle: 'No trackers yet',
  emptyText:
    'Trackers and phones appear here with their first position. An administrator adds them and decides who sees them.',
  failedTitle: 'The trackers did not load',
  failedText: 'The server does not answer.',
  tryAgain: 'Try again',
  openSheet: 'Make the list larger',
};

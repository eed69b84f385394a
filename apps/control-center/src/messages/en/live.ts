export const live = {
  /** An alert in a word or two, beside a mark and in a row. */
  alertWords: {
    silent: 'Silent',
    place: 'Place',
    transition: { enter: 'Entered', exit: 'Left its area' },
  },
  alertsOfTracker: 'Alerts of this tracker',
  recent: 'Recent',
  noRecent: 'No places entered or left in the last week.',
  enteredPlace: 'Entered',
  leftPlace: 'Left',
  seenBy: 'Seen by',
  seenByNobody: 'administrators only',
};

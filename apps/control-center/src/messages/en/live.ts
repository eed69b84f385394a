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
  stillMap: 'Still map of the trackers. The table says the same.',
  welcome: {
    title: 'What is this?',
    step: (n: number, all: number) => `${n} of ${all}`,
    marksTitle: 'Marks are trackers',
    marks:
      'A drop moves to where its tip points, a square stands still, a broken ring is silent. A number in a ring is several close together: click it to see who.',
    placesTitle: 'Places say where',
    places:
      'Draw a place on the map and you hear who enters and who leaves it. Every crossing stands in the activity.',
    alertsTitle: 'Alerts need somebody',
    alerts:
      'An SOS, or what a rule says, makes a card at the top left. Acknowledge it and everybody sees that you answered.',
    more: 'More in Help',
    back: 'Back',
    next: 'Next',
    done: 'Done',
    reopen: 'Show the introduction again',
  },
};

/** Sentences of the page of help. */
export const help = {
  title: 'Help',
  intro: 'The few things to know at the start of a shift.',
  keysTitle: 'Keys',
  keysText: 'Everything here can be done without a mouse.',
  showKeys: 'Show all keys',
  soundTitle: 'Sound',
  soundText:
    'A critical alert rings every 5 seconds until somebody answers it. Test the sound at the start of a shift: browsers block it until the page was touched.',
  marksTitle: 'What the marks mean',
  severities: {
    critical: 'Critical: rings until somebody answers, and stands on every page.',
    high: 'High: one soft sound. Stays until somebody takes it or closes it.',
    medium: 'Medium: no sound. Goes when its cause ends.',
    info: 'Info: only in the activity.',
  },
  states: {
    moving: 'Moving: the tip of the drop points where it goes.',
    idle: 'Idle: standing still for more than three minutes.',
    silent: 'Silent: three times longer unheard than it usually takes. The mark is its last place.',
  },
  alertsTitle: 'Handling an alert',
  alertsSteps: [
    'Acknowledge: everybody sees that you answered, and the ringing stops.',
    'Assign: somebody takes it. Their name stands on the card.',
    'Close it when it is over, with a comment if there is something to say.',
    'Nothing is lost: a closed alert can be opened again, and its history stays.',
  ],
  paletteTitle: 'Finding things',
  paletteText: 'One field finds trackers, places, people and alerts, and does what has a key.',
  openPalette: 'Search or do anything',
};

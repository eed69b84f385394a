import type { live as en } from '../en/live.ts';

export const live: typeof en = {
  alertWords: {
    silent: 'Geen signaal',
    place: 'Plaats',
    transition: { enter: 'Binnengekomen', exit: 'Gebied verlaten' },
  },
  alertsOfTracker: 'Alarmen van deze tracker',
  recent: 'Recent nieuws',
  noRecent: 'In de laatste week geen plaats in- of uitgegaan.',
  enteredPlace: 'Binnengekomen bij',
  leftPlace: 'Weggegaan bij',
  seenBy: 'Zichtbaar voor',
  seenByNobody: 'alleen beheerders',
};

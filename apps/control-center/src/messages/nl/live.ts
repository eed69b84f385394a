import type { live as en } from '../en/live.ts';

export const live: typeof en = {
  alertWords: {
    silent: 'Geen signaal',
    place: 'Plaats',
    transition: { enter: 'Binnengekomen', exit: 'Plaats verlaten' },
  },
  alertsOfTracker: 'Meldingen van deze tracker',
  recent: 'Recent nieuws',
  noRecent: 'In de laatste week geen plaats in- of uitgegaan.',
  enteredPlace: 'Binnengekomen bij',
  leftPlace: 'Weggegaan bij',
  seenBy: 'Zichtbaar voor',
  seenByNobody: 'alleen beheerders',
  stillMap: 'Stilstaande kaart van de trackers. De tabel zegt hetzelfde.',
  welcome: {
    title: 'Wat is dit?',
    step: (n, all) => `${n} van ${all}`,
    marksTitle: 'Tekens zijn trackers',
    marks:
      'Een druppel beweegt naar waar de punt wijst, een vierkant staat stil, een onderbroken ring geeft geen signaal. Een getal in een ring zijn er meer dicht bij elkaar: klik om te zien wie.',
    placesTitle: 'Plaatsen zeggen waar',
    places:
      'Teken een plaats op de kaart en je hoort wie er binnenkomt en wie er weggaat. Alles staat in de activiteit.',
    alertsTitle: 'Meldingen hebben iemand nodig',
    alerts:
      'Een SOS, of wat een regel zegt, maakt een kaartje linksboven. Bevestig het en iedereen ziet dat je hebt geantwoord.',
    more: 'Meer in de hulp',
    back: 'Terug',
    next: 'Volgende',
    done: 'Klaar',
    reopen: 'De inleiding opnieuw tonen',
  },
};

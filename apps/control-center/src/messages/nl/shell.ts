import type { shell as en } from '../en/shell.ts';

/** Sentences of the frame around every page: sections, what is missing, what one may not see. */
export const shell: typeof en = {
  sections: {
    live: 'Live',
    alerts: 'Meldingen',
    places: 'Plaatsen',
    people: 'Mensen',
    groups: 'Groepen',
    trackers: 'Trackers',
    rules: 'Regels',
    deliveries: 'Verzending',
    settings: 'Instellingen',
    help: 'Hulp',
  },
  open: 'Open',
  closed: 'Gesloten',
  more: 'Meer',
  tabs: 'Delen van dit onderdeel',
  skip: 'Naar de inhoud',
  loading: 'De pagina wordt geladen',
  nowhereTitle: 'Hier is niets',
  nowhereText: 'Dit adres leidt nergens heen. Misschien klopt het niet, of bestaat het niet meer.',
  goLive: 'Naar de livekaart',
  deniedTitle: 'Je kunt deze pagina niet zien',
  deniedText: 'Je rol geeft er geen toegang toe. Een beheerder kan dat veranderen.',
  brokenTitle: 'Deze pagina ging niet open',
  brokenText: 'De livekaart en de meldingen werken nog.',
};

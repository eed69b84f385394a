import type { forms as en } from '../en/forms.ts';
import { number } from './counting.ts';

export const forms: typeof en = {
  save: 'Opslaan',
  cancel: 'Annuleren',
  remove: 'Verwijderen',
  edit: 'Bewerken',
  undo: 'Ongedaan maken',
  copy: 'Kopiëren',
  copied: 'Gekopieerd',
  more: 'Meer acties',
  tryAgain: 'Opnieuw proberen',
  name: 'Naam',
  showAll: 'Alles tonen',
  chosen: (n) => `${number(n)} gekozen`,
  onlyChosen: 'Alleen wat gekozen is',
  kept: 'Je concept van daarnet is er weer.',
  nameError: {
    blank: 'Vul een naam in.',
    tooLong: (max, now) =>
      `Een naam heeft hoogstens ${number(max)} tekens. Deze heeft er ${number(now)}.`,
    control: 'In de naam zit een teken dat niet getoond kan worden. Typ hem opnieuw.',
  },
  failed: {
    unreachable: 'De server antwoordt niet. Hier is niets verloren: probeer het opnieuw.',
    denied: 'Je rol staat dit niet toe. Een beheerder kan het doen.',
    gone: 'Het is er niet meer. Iemand heeft het intussen verwijderd.',
    expired: 'Je sessie is verlopen. Log opnieuw in; wat niet was opgeslagen is weg.',
    busy: 'Te veel tegelijk. Wacht een minuut en probeer het dan opnieuw.',
    refused: 'De server weigerde dit. Controleer wat je hebt ingevuld.',
    broken: 'Er ging iets mis op de server. Probeer het zo nog eens.',
  },
  notSaved: (name) => `${name} is niet opgeslagen`,
  notChanged: 'Het is niet gewijzigd',
  notRemoved: 'Het is niet verwijderd',
  listFailedTitle: 'Dit is niet geladen',
  listFailedText: 'Het live beeld gaat door. Wat was opgeslagen is niet weg.',
  noAccessTitle: 'Dit is voor beheerders',
  noAccessText: 'Vraag het aan een beheerder van je organisatie.',
  readOnlyHint: 'Je kunt meekijken. Beheerders kunnen dit wijzigen.',
};

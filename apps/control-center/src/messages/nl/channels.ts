import type { channels as en } from '../en/channels.ts';

export const channels: typeof en = {
  loading: 'E-mail en webhooks laden',
  mail: {
    title: 'Berichten per e-mail',
    on: (from) => `E-mail wordt verstuurd vanaf ${from}.`,
    onUnnamed: 'E-mail wordt verstuurd door de mailserver van deze installatie.',
    off: 'Er wordt nog geen e-mail verstuurd',
    offText:
      'Wie de server beheert, noemt een mailserver bij het starten. Meldingen op het scherm en webhooks werken ook zonder.',
    offHow: 'Start de server met deze twee instellingen en open daarna deze pagina opnieuw:',
    copy: 'Instellingen van de mailserver kopiëren',
    settings: 'Instellingen van de mailserver',
    test: 'Stuur mij een testmail',
    testTo: (email) => `Hij gaat naar ${email}.`,
  },
  test: {
    waiting: 'Onderweg',
    arrived: {
      atOnce: 'Aangekomen.',
      after: (seconds) => `Aangekomen na ${seconds}.`,
    },
    handedOver: {
      atOnce: 'Doorgegeven aan de mailserver.',
      after: (seconds) => `Doorgegeven aan de mailserver na ${seconds}.`,
    },
    retrying: (detail) => `Nog niet: ${detail} Het wordt vanzelf opnieuw geprobeerd.`,
    dead: (detail) => `Opgegeven: ${detail}`,
    skipped: 'Niet verstuurd.',
    unknown: 'Wat ervan kwam is niet bekend. Kijk bij Meldingen, Verzonden.',
    noDetail: 'de ontvanger gaf geen reden.',
    notSent: 'De test is niet verstuurd.',
  },
  webhooks: {
    title: 'Webhooks',
    intro:
      'Programma’s die over HTTPS van meldingen horen, ondertekend volgens Standard Webhooks. Regels bepalen wie wat hoort.',
    add: 'Webhook toevoegen',
    emptyTitle: 'Nog geen webhooks',
    emptyText:
      'Een webhook vertelt een ander programma van een melding, binnen een seconde en ondertekend.',
    name: 'Naam',
    nameHint: 'Waaronder men hem in regels kiest.',
    url: 'Adres',
    urlHint: 'Begint met https:// of http:// en is vanaf de server te bereiken.',
    urlError: 'Vul een adres in dat met https:// of http:// begint.',
    urlRefused: {
      malformed: 'Dit is geen adres.',
      notHttp: 'Vul een adres in dat met https:// of http:// begint.',
      credentials:
        'Laat naam en wachtwoord uit het adres weg: de handtekening bewijst wie er belt.',
      privateAddress:
        'Dit adres ligt in een besloten netwerk. De server belt alleen openbare, zodat niemand er langs die weg binnenkomt.',
    },
    urlRefusedOther: 'De server belt dit adres niet.',
    table: 'Webhooks op naam',
    state: 'Toestand',
    on: 'Aan',
    off: 'Uit',
    actions: (name) => `Acties voor ${name}`,
    edit: 'Wijzigen',
    test: 'Een test sturen',
    turnOff: 'Uitzetten',
    turnOn: 'Aanzetten',
    newSecret: 'Nieuw geheim',
    remove: 'Verwijderen',
    save: 'Opslaan',
    cancel: 'Annuleren',
    done: 'Klaar',
    addTitle: 'Webhook toevoegen',
    editTitle: 'Webhook wijzigen',
    secretTitle: 'Kopieer het geheim nu',
    secretText:
      'De ontvanger controleert er onze handtekening mee. Het is alleen nu te zien; is het kwijt, maak dan een nieuw.',
    secret: 'Geheim',
    copySecret: 'Het geheim kopiëren',
    newSecretTitle: (name) => `Nieuw geheim voor ${name}`,
    newSecretText:
      'Vanaf nu worden berichten met het nieuwe geheim ondertekend. De ontvanger weigert ze tot hij het kent.',
    newSecretConfirm: 'Nieuw geheim maken',
    removeTitle: (name) => `${name} verwijderen`,
    removeText: (rules) =>
      rules === 0
        ? 'Geen regel gebruikt hem. Wat op hem wacht, wordt niet verstuurd.'
        : rules === 1
          ? 'Eén regel vertelt hem van meldingen en doet dat niet meer. Wat op hem wacht, wordt niet verstuurd.'
          : `${rules} regels vertellen hem van meldingen en doen dat niet meer. Wat op hem wacht, wordt niet verstuurd.`,
    removeConfirm: 'Webhook verwijderen',
    removed: 'Webhook verwijderd',
    turnedOff: 'Webhook uitgezet',
    turnedOn: 'Webhook aangezet',
    saved: 'Webhook opgeslagen',
    failed: 'Hij is niet gewijzigd',
    offHint: 'Zolang hij uit staat wordt er niets verstuurd.',
  },
};

import type { settings as en } from '../en/settings.ts';
import { number } from './counting.ts';

export const settings: typeof en = {
  title: 'Instellingen',
  intro: 'Hoe de meldkamer eruitziet en spreekt, voor iedereen in je organisatie.',
  loading: 'Instellingen laden',
  parts: 'Onderdelen van de instellingen',
  tabs: {
    brand: 'Merk',
    map: 'Kaart',
    language: 'Taal en geluid',
    channels: 'Berichten naar buiten',
  },
  bar: {
    unsaved: 'Nog niet opgeslagen.',
    kept: 'Wat je veranderde blijft staan terwijl je rondkijkt.',
    save: 'Opslaan',
    discard: 'Ongedaan maken',
    saved: 'Opgeslagen',
    savedText: 'Iedereen ziet het als de pagina weer wordt geopend.',
    failed: 'Het is niet opgeslagen.',
    conflict: 'Iemand anders heeft de instellingen intussen veranderd.',
    conflictText: 'Die van jou staan er nog. Opslaan vervangt alleen wat jij veranderde.',
    saveMine: 'Die van mij opslaan',
    seeTheirs: 'Die van mij weggooien',
    checkFields: 'Er ontbreekt iets. Bij de velden staat wat.',
  },
  brand: {
    name: 'Naam',
    nameHint:
      'Staat op de inlogpagina, boven elke pagina en in e-mails. Leeg: de naam van je organisatie.',
    logo: 'Logo',
    logoHint: (kilobytes) =>
      `PNG, JPEG of WebP, hoogstens ${number(kilobytes)} kB. Een vierkant komt het best uit.`,
    logoTooLarge: (kilobytes, max) =>
      `Dit bestand heeft ${number(kilobytes)} kB. Er past hoogstens ${number(max)} kB.`,
    logoBroken: 'Dit is geen PNG-, JPEG- of WebP-afbeelding. Kies een ander bestand.',
    logoNow: 'Zo komt het logo eruit te zien',
    logoNone: 'Geen logo: ons teken wordt getoond in jouw kleur.',
    logoRemove: 'Logo verwijderen',
    colour: 'Kleur',
    colourHint:
      'Eén kleur is genoeg. Lichte en donkere tinten worden ervan gemaakt, zodat tekst leesbaar blijft.',
    colourPick: 'Kies een kleur',
    colourError: 'Vul een kleur in zoals #2b59d9.',
    colourShipped: 'Ons blauw gebruiken',
    preview: 'Zo komt het eruit te zien',
    previewLight: 'Lichte weergave',
    previewDark: 'Donkere weergave',
    previewButton: 'Versturen',
    previewSelected: 'Gekozen',
    previewRow: 'Surveillance 14',
    previewLink: 'Op de kaart tonen',
    previewMap: 'Teken en spoor op de kaart',
    changedLight:
      'In de lichte weergave wordt je kleur donkerder: zoals hij is, zijn woorden op wit niet te lezen.',
    changedDark:
      'In de donkere weergave wordt je kleur lichter: zoals hij is, is hij op een donker scherm niet te zien.',
    usesInk:
      'Dit lijkt op het rood van kritieke meldingen. Knoppen houden je kleur; selectie en sporen op de kaart zijn zwart of wit, zodat niemand ze voor een alarm aanziet.',
  },
  map: {
    kind: 'Stratenkaart',
    builtIn: 'Ingebouwde kaart',
    builtInDetail: 'Land, water, grenzen en plaatsnamen. Geen straten. Werkt zonder internet.',
    file: 'Kaartbestand op deze server',
    fileDetail:
      'Straten uit een PMTiles-bestand. Er wordt niets van buiten gevraagd, dus niemand weet waar je kijkt.',
    style: 'Kaart van een andere server',
    styleDetail:
      'Een MapLibre-stijl op een adres. Die server ziet naar welke delen van de kaart jullie kijken.',
    fileLabel: 'Bestand',
    fileNone: 'Er staat nog geen kaartbestand op deze server',
    fileNoneText:
      'Wie de server beheert, zet een bestand dat op .pmtiles eindigt in de map "maps" van de gegevens. Open daarna deze pagina opnieuw.',
    fileGone: (file) => `Het bestand ${file} staat niet meer op de server. Kies een ander.`,
    fileMissing: 'Kies een bestand.',
    url: 'Adres van de stijl',
    urlHint:
      'Pagina’s van je organisatie mogen dan kaarten van deze ene server laden, en nergens anders vandaan. Een sleutel in het adres is te zien voor iedereen die de pagina opent.',
    urlError: 'Vul een adres in dat met https:// begint en geen wachtwoord bevat.',
    try: 'Deze kaart proberen',
    trying: 'Kaart wordt geprobeerd',
    tryAfterSaving:
      'De kaart wordt na het opslaan geprobeerd: eerder mag deze pagina niet met de andere server praten.',
    works: 'Deze kaart werkt.',
    fault: {
      unreachable: 'De kaart antwoordde niet. Controleer of hij er is.',
      notAMap: 'Dit is geen kaart die getoond kan worden. Controleer het bestand of het adres.',
      unknownForm:
        'Dit bestand is voor andere programma’s gemaakt. Gebruik er een in de vorm van Protomaps, of een die uit plaatjes bestaat.',
    },
    savedWorks: 'De stratenkaart is opgeslagen en werkt.',
    savedFails: 'De stratenkaart is opgeslagen, maar laadt niet.',
    savedFailsText: 'Tot dat lukt ziet iedereen de ingebouwde kaart.',
    goBack: 'De ingebouwde kaart gebruiken',
    folderHint: 'Wat er te kiezen is, staat op de server van de installatie.',
  },
  language: {
    organisation: 'Taal van de organisatie',
    organisationHint: 'Voor iedereen die er zelf geen koos, en voor e-mails.',
    automatic: 'Zoals elke browser vraagt',
    mine: 'Mijn taal',
    mineHint: 'Alleen op dit scherm. De pagina opent opnieuw in de nieuwe taal.',
    mineAutomatic: 'Zoals de organisatie',
    sound: 'Geluid van meldingen op dit scherm',
    soundTest: 'Laat horen',
    soundBlocked: 'De browser houdt deze pagina stil. Druk op de knop om geluid toe te staan.',
    soundQuiet: 'Alleen kritieke meldingen klinken',
    soundQuietHint: 'Hoge meldingen verschijnen dan zonder geluid.',
  },
};

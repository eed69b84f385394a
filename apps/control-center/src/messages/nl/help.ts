import type { help as en } from '../en/help.ts';

/** Sentences of the page of help. */
export const help: typeof en = {
  title: 'Hulp',
  intro: 'De paar dingen om te weten aan het begin van een dienst.',
  keysTitle: 'Toetsen',
  keysText: 'Alles hier kan zonder muis.',
  showKeys: 'Toon alle toetsen',
  soundTitle: 'Geluid',
  soundText:
    'Een kritieke melding klinkt elke 5 seconden tot iemand antwoordt. Test het geluid aan het begin van een dienst: browsers blokkeren het tot de pagina is aangeraakt.',
  marksTitle: 'Wat de tekens betekenen',
  severities: {
    critical: 'Kritiek: klinkt tot iemand antwoordt, en staat op elke pagina.',
    high: 'Hoog: één zacht geluid. Blijft staan tot iemand het oppakt of sluit.',
    medium: 'Gemiddeld: geen geluid. Gaat weg als de oorzaak voorbij is.',
    info: 'Ter info: alleen in de activiteit.',
  },
  states: {
    moving: 'In beweging: de punt van de druppel wijst waarheen.',
    idle: 'Stilstaand: langer dan drie minuten op één plek.',
    silent: 'Stil: drie keer langer niet gehoord dan gewoonlijk. Het teken is de laatste plek.',
  },
  alertsTitle: 'Een melding afhandelen',
  alertsSteps: [
    'Bevestigen: iedereen ziet dat je antwoordt, en het geluid stopt.',
    'Toewijzen: iemand pakt het op. De naam staat op de kaart.',
    'Sluit de melding als het voorbij is, met een opmerking als er iets te zeggen is.',
    'Niets gaat verloren: een gesloten melding kan weer open, en de geschiedenis blijft.',
  ],
  paletteTitle: 'Dingen vinden',
  paletteText:
    'Eén veld vindt trackers, plaatsen, mensen en meldingen, en doet wat een toets heeft.',
  openPalette: 'Zoek of doe iets',
};

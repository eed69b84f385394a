import type { keys as en } from '../en/keys.ts';

export const keys: typeof en = {
  title: 'Toetsen',
  close: 'Sluiten',
  list: [
    ['T', 'Kaart of tabel'],
    ['/', 'De lijst filteren'],
    ['↑ ↓', 'Door de lijst gaan, met Home en End naar het begin en het einde'],
    ['Enter', 'Openen'],
    ['Esc', 'Terug'],
    ['+ −', 'De kaart zoomen'],
    ['F6', 'Volgend gebied'],
    ['?', 'Alle toetsen'],
  ],
};

import type { nav as en } from '../en/nav.ts';

export const nav: typeof en = {
  sections: 'Onderdelen',
  live: 'Live',
  keys: 'Toetsen',
  map: 'Kaart',
  list: 'Lijst',
  table: 'Tabel',
  view: 'Tonen als',
};

import type { table as en } from '../en/table.ts';

export const table: typeof en = {
  label: 'Trackers als tabel',
  name: 'Naam',
  state: 'Toestand',
  speed: 'Snelheid',
  heading: 'Richting',
  battery: 'Batterij',
  satellites: 'Satellieten',
  heard: 'Laatst gehoord',
  near: 'Nabij',
  coordinates: 'Coördinaten',
};

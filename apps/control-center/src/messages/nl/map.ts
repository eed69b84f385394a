import type { map as en } from '../en/map.ts';

export const map: typeof en = {
  label: 'Kaart met trackers. De tabel toont hetzelfde.',
  tools: 'Knoppen van de kaart',
  zoomIn: 'Inzoomen',
  zoomOut: 'Uitzoomen',
  fit: 'Alle trackers tonen',
  draw: 'Plaats tekenen',
  attribution: 'Natural Earth, GeoNames',
  noWebglTitle: 'Deze browser kan de kaart niet tekenen',
  noWebglText: 'WebGL staat uit of ontbreekt. De tabel hieronder toont dezelfde trackers, live.',
  failedText: 'De achtergrond van de kaart is niet geladen. De posities kloppen.',
  placesFailed: 'De plaatsen zijn niet geladen.',
  loading: 'Kaart laden',
};

/** Names that break careless layouts. */
export const LONG_NAME =
  'Beveiligingsdienst Galgenwaard en omstreken, avondploeg van de Stadionlaan tot de Waterlinieweg';
export const ARABIC_NAME = 'دورية الليل الشرقية';
export const EMOJI_NAME = '👩🏽‍🚒 Brandweer 🚒';

/** Groups and trackers to choose from. */
export const CHOICES = [
  { id: 'stewards', label: 'Stewards', detail: '23 trackers' },
  { id: 'night', label: 'Night patrol East', detail: '8 trackers' },
  { id: 'aid', label: 'First aid', detail: '6 trackers' },
  { id: 'arabic', label: ARABIC_NAME, detail: '4 trackers' },
  { id: 'emoji', label: EMOJI_NAME, detail: '2 trackers' },
  { id: 'long', label: LONG_NAME, detail: '112 trackers' },
] as const;

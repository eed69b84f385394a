import type { street as en } from '../en/street.ts';

export const street: typeof en = {
  failedTitle: 'De stratenkaart is niet geladen.',
  failedText: 'De ingebouwde kaart wordt getoond. De posities kloppen.',
  tryAgain: 'Opnieuw proberen',
  hide: 'Verbergen',
};

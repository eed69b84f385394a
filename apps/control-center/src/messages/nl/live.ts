import type { live as en } from '../en/live.ts';

export const live: typeof en = {
  alertWords: {
    silent: 'Geen signaal',
    place: 'Plaats',
    transition: { enter: 'Binnengekomen', exit: 'Gebied verlaten' },
  },
};

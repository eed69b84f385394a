import type { session as en } from '../en/session.ts';

export const session: typeof en = {
  restoring: 'De meldkamer wordt geopend',
  failedTitle: 'De meldkamer ging niet open',
  failedText: 'De server antwoordt niet. Er gaat niets verloren: posities blijven binnenkomen.',
};

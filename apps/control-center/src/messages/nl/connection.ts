import type { connection as en } from '../en/connection.ts';
import { number } from './counting.ts';

export const connection: typeof en = {
  connecting: 'Verbinden',
  live: (reporting, all) => `Live, ${number(reporting)} van ${number(all)} melden zich`,
  liveShort: 'Live',
  reconnecting: 'Opnieuw verbinden',
  reconnectingBar: 'Er wordt opnieuw verbonden.',
  age: (age) => `De posities op het scherm zijn ${age} oud.`,
  stale: 'Geen verbinding',
  staleBar: (time) => `Geen verbinding sinds ${time}.`,
  staleText: 'De posities kunnen inmiddels onjuist zijn.',
  failedBar: 'Er is geen live-verbinding.',
  failedText:
    'De posities en meldingen op het scherm kunnen inmiddels onjuist zijn. Helpt opnieuw proberen niet, laad de pagina dan opnieuw.',
  tryNow: 'Nu proberen',
  asOf: (time) => `stand van ${time}`,
  asOfLabel: (time) => `Stand van ${time}`,
};

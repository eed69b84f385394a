import { number } from './counting.ts';

/** Sentences of how fresh the positions on screen are. */
export const connection = {
  connecting: 'Connecting',
  live: (reporting: number, all: number) =>
    `Live, ${number(reporting)} of ${number(all)} reporting`,
  liveShort: 'Live',
  reconnecting: 'Reconnecting',
  reconnectingBar: 'Reconnecting.',
  age: (age: string) => `Positions on screen are ${age} old.`,
  stale: 'No connection',
  staleBar: (time: string) => `No connection since ${time}.`,
  staleText: 'Positions may be wrong by now.',
  failedBar: 'There is no live connection.',
  failedText:
    'Positions and alerts on screen may be wrong by now. If trying again does not help, load the page again.',
  tryNow: 'Try now',
  asOf: (time: string) => `as of ${time}`,
  asOfLabel: (time: string) => `As of ${time}`,
};

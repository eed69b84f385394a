/** The command line of the drill. */
import { parseArgs } from 'node:util';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/catalogue.ts';

export interface DrillOptions {
  readonly faults: readonly Fault[];
  readonly isShort: boolean;
  readonly json: boolean;
  readonly seed: string;
  /** Goes on with faults by chance until so many minutes have passed; 0: each once. */
  readonly minutes: number;
  /** Trackers that make a fix a second each. */
  readonly trackers: number;
  /** Runs the product from its source instead of as it was built. */
  readonly fromSource: boolean;
  /** The nats-server to drill with; that of the machine when null. */
  readonly natsProgram: string | null;
  readonly logLevel: string;
  readonly list: boolean;
  readonly help: boolean;
}

export const HELP = `npm run drill -- [options]

Breaks a running installation in every way it promises to survive, under load, and holds it to every position it
acknowledged and every crossing that follows from them. Needs Linux and nats-server; root for the cluster.

  --json             prints one JSON object instead of a table: {"faults": [{name, lost, doubled, outOfOrder, …}], …}
  --short            the most telling faults, within 90 s
  --only <name,…>    these faults; a name that ends with - is every fault that begins so
  --list             names and sentences of all faults
  --seed <text>      what chance follows from
  --minutes <n>      goes on with faults by chance for so long
  --trackers <n>     devices with a fix a second each
  --from-source      runs the product from its source instead of the build
  --nats <program>   another nats-server than that of the machine
  --log-level <l>    of the processes; what they print shows when one ends by itself
  --help

Exit code 1 when anything was lost, doubled or out of order, or a fault could not be made.`;

/** @throws Error with a sentence about what cannot be used. */
export function readOptions(args: readonly string[]): DrillOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      seed: { type: 'string', default: '2779' },
      minutes: { type: 'string', default: '0' },
      trackers: { type: 'string' },
      'from-source': { type: 'boolean', default: false },
      nats: { type: 'string' },
      'log-level': { type: 'string', default: 'error' },
    },
  });
  const isShort = values.short;
  const minutes = numberOf('--minutes', values.minutes);
  const trackers = numberOf('--trackers', values.trackers ?? (isShort ? '200' : '600'));
  return {
    faults: choose(values.only, isShort),
    isShort,
    json: values.json,
    seed: values.seed,
    minutes,
    trackers,
    fromSource: values['from-source'],
    natsProgram: values.nats ?? null,
    logLevel: values['log-level'],
    list: values.list,
    help: values.help,
  };
}

function choose(only: string | undefined, isShort: boolean): readonly Fault[] {
  if (only === undefined) return FAULTS.filter((fault) => !isShort || fault.isShort);
  const names = only.split(',').map((name) => name.trim());
  const matches = (fault: Fault, name: string): boolean =>
    name.endsWith('-') ? fault.name.startsWith(name) : fault.name === name;
  const unknown = names.filter((name) => !FAULTS.some((fault) => matches(fault, name)));
  if (unknown.length > 0) throw new Error(`There is no fault ${unknown.join(', ')}; see --list.`);
  return FAULTS.filter((fault) => names.some((name) => matches(fault, name)));
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`${flag}: got "${text}", expected a number.`);
  }
  return value;
}

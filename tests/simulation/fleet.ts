/**
 * The devices: each reports its fixes in order to the process it is connected to, keeps what was not
 * acknowledged, and connects to another process when one is gone or silent. What was acknowledged is what the
 * system has promised to keep.
 */
import { FLAG, ROW, RowDraft, trustedId, type TrackerId } from '@followme/model';
import type { Random } from '@followme/platform';
import type { LaneBatcher } from '../../services/tracker/src/append/lane-batcher.ts';
import { TENANT } from './fences.ts';
import type { PlannedFix } from './plan.ts';
import { START_MS, type SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

/** A device without an acknowledgement for so long connects anew, ms. */
const PATIENCE_MS = 2_500;
const LOOK_EVERY_MS = 500;

/** Where devices can connect to. */
export interface Entrance {
  readonly process: SimulatedProcess;
  readonly batcher: LaneBatcher;
}

interface Fix {
  readonly id: number;
  readonly planned: PlannedFix;
  readonly identity: string;
}

interface Device {
  readonly tracker: number;
  /** Not acknowledged, oldest first. */
  unacknowledged: Fix[];
  entrance: Entrance | null;
  /** What travels on a connection arrives in order. */
  lastArrivalMs: number;
  lastProgressMs: number;
}

/** What tells a fix from all others, as the positions table has it. */
export function identityOf(row: Buffer, offset: number): string {
  const tracker = row.readUInt32LE(offset + ROW.trackerId);
  const low = row.readUInt32LE(offset + ROW.contentHashLow);
  const high = row.readUInt32LE(offset + ROW.contentHashHigh);
  return `${tracker}@${row.readDoubleLE(offset + ROW.fixTimeMs)}/${high.toString(16)}-${low.toString(16)}`;
}

/** All devices, and what was promised to them. */
export class Fleet {
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #entrances: () => readonly Entrance[];
  readonly #devices = new Map<number, Device>();
  readonly #acknowledged = new Set<string>();
  readonly #draft = new RowDraft();
  #fixes = 0;
  #toCome = 0;

  constructor(deps: {
    readonly schedule: Schedule;
    readonly random: Random;
    /** Processes that take devices now. */
    readonly entrances: () => readonly Entrance[];
  }) {
    this.#schedule = deps.schedule;
    this.#random = deps.random;
    this.#entrances = deps.entrances;
  }

  /** Identities of all fixes that were acknowledged. */
  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged;
  }
  /** Fixes that devices still hold or are going to report. */
  get waiting(): number {
    const devices = [...this.#devices.values()];
    return devices.reduce((sum, d) => sum + d.unacknowledged.length, this.#toCome);
  }

  /** Everything that devices will report. */
  plan(fixes: readonly PlannedFix[]): void {
    for (const planned of fixes) {
      this.#fixes += 1;
      const id = this.#fixes;
      this.#fill(planned, id, planned.atMs);
      const fix: Fix = { id, planned, identity: identityOf(this.#draft.bytes, 0) };
      this.#later(planned.atMs, `tracker ${planned.tracker} has fix ${id}`, fix);
      if (!planned.repeated) continue;
      const againMs = planned.atMs + this.#random.integer(10, 4_000);
      this.#later(againMs, `tracker ${planned.tracker} repeats fix ${id}`, fix);
    }
    this.#look();
  }

  #later(afterMs: number, what: string, fix: Fix): void {
    this.#toCome += 1;
    this.#schedule.after(afterMs, what, () => {
      this.#toCome -= 1;
      this.#report(fix);
    });
  }

  #look(): void {
    this.#schedule.after(LOOK_EVERY_MS, 'devices look after their connections', () => {
      for (const device of this.#devices.values()) {
        if (device.unacknowledged.length === 0) continue;
        const isGone = device.entrance === null || device.entrance.process.state === 'dead';
        const isSilent = this.#schedule.nowMs - device.lastProgressMs > PATIENCE_MS;
        if (isGone || isSilent) this.#connect(device);
      }
      this.#look();
    });
  }

  #report(fix: Fix): void {
    const { tracker } = fix.planned;
    const device = this.#devices.get(tracker) ?? {
      tracker,
      unacknowledged: [],
      entrance: null,
      lastArrivalMs: 0,
      lastProgressMs: this.#schedule.nowMs,
    };
    this.#devices.set(tracker, device);
    if (device.unacknowledged.length === 0) device.lastProgressMs = this.#schedule.nowMs;
    device.unacknowledged.push(fix);
    if (device.entrance === null) this.#connect(device);
    else this.#send(device, fix);
  }

  #connect(device: Device): void {
    const open = this.#entrances();
    device.entrance = open[this.#random.integer(0, open.length - 1)] ?? null;
    device.lastProgressMs = this.#schedule.nowMs;
    device.lastArrivalMs = this.#schedule.nowMs;
    for (const fix of device.unacknowledged) this.#send(device, fix);
  }

  #send(device: Device, fix: Fix): void {
    const { entrance, tracker } = device;
    if (entrance === null) return;
    const { process, batcher } = entrance;
    const travelMs = this.#random.next() * 8;
    const arrivalMs = Math.max(device.lastArrivalMs + 0.01, this.#schedule.nowMs + travelMs);
    device.lastArrivalMs = arrivalMs;
    const trackerId = trustedId<TrackerId>(tracker);
    process.after(arrivalMs - this.#schedule.nowMs, `takes fix ${fix.id}`, () => {
      if (batcher.isBroken) return;
      const lane = batcher.laneOf(trackerId);
      const owner = { tenantId: TENANT, trackerId, lane, load: batcher.loadOf(TENANT) };
      this.#fill(fix.planned, fix.id, fix.planned.atMs);
      batcher.add(this.#draft, owner, process.clock.nowMs());
      const onDurable = (): void => this.#acknowledge(device, entrance, fix);
      batcher.whenDurable(owner, { onDurable }, Buffer.alloc(0));
    });
  }

  /** What the process says is a promise, whether it reaches the device or not. */
  #acknowledge(device: Device, entrance: Entrance, fix: Fix): void {
    this.#acknowledged.add(fix.identity);
    if (device.entrance !== entrance) return;
    this.#schedule.after(this.#random.next() * 8, `fix ${fix.id} is acknowledged`, () => {
      if (device.entrance !== entrance) return;
      device.unacknowledged = device.unacknowledged.filter(({ id }) => id !== fix.id);
      device.lastProgressMs = this.#schedule.nowMs;
    });
  }

  /** Puts the fix into the draft, as a decoder does. */
  #fill({ tracker, ageMs, column, valid, sos }: PlannedFix, id: number, atMs: number): void {
    const draft = this.#draft;
    draft.reset();
    draft.recordSerial = id;
    draft.setFixTimeMs(START_MS + Math.floor(atMs - ageMs));
    draft.setLonLatE7(column * 5_000_000 + 2_500_000, 5_000_000);
    if (valid) draft.setFlag(FLAG.valid);
    if (sos) draft.setAlarm('sos');
    draft.seal();
    draft.bytes.writeUInt32LE(tracker, ROW.trackerId);
  }
}

/**
 * Open-loop load, a process of its own: every tracker makes a fix each interval, whatever the system does, and
 * keeps it until it is confirmed.
 */
import { createRandom } from '@followme/platform';
import { answerParent } from '../child.ts';
import { LoadDevice, type DeviceDeps } from './load-device.ts';
import {
  FIX_COLUMNS,
  type Collected,
  type LoadPlan,
  type LoadStatus,
  type Target,
} from './messages.ts';

const TICK_MS = 20;
/** Devices dialled per tick at the start. */
const DIALS_PER_TICK = 50;

interface Fleet {
  readonly plan: LoadPlan;
  readonly devices: readonly LoadDevice[];
  /** When each device makes its next fix. */
  readonly dueMs: Float64Array;
}

const counters = { reconnects: 0, failures: 0, repeats: 0, connected: 0 };
let fleet: Fleet | null = null;
let targets: readonly Target[] = [];
let isRunning = false;
let dialled = 0;
let made = 0;
let acknowledged = 0;
let confirmed: number[] = [];

function begin(plan: LoadPlan): void {
  targets = plan.targets;
  const deps: DeviceDeps = {
    random: createRandom(`${plan.seed}/load/${plan.first}`),
    targets: () => targets,
    localAddress: plan.localAddress,
    counters,
    onConfirmed(index, { step, fixTimeMs, madeMs }) {
      acknowledged += 1;
      confirmed.push(index, step, fixTimeMs, madeMs, Date.now());
    },
  };
  const devices = Array.from(
    { length: plan.trackers },
    (_, place) => new LoadDevice(deps, { index: plan.first + place, moves: plan.moves }),
  );
  fleet = { plan, devices, dueMs: new Float64Array(plan.trackers) };
  setInterval(tick, TICK_MS);
}

function resume(): void {
  if (fleet === null || isRunning) return;
  const nowMs = Date.now();
  const { devices, dueMs, plan } = fleet;
  // spread evenly over the interval
  for (const place of devices.keys()) {
    dueMs[place] = nowMs + (place / devices.length) * plan.intervalMs;
  }
  isRunning = true;
}

function tick(): void {
  if (fleet === null) return;
  const nowMs = Date.now();
  const { devices, dueMs, plan } = fleet;
  dialled = Math.min(devices.length, dialled + DIALS_PER_TICK);
  for (const [place, device] of devices.entries()) {
    if (place < dialled) device.tick(nowMs);
    for (let due = dueMs[place] ?? 0; isRunning && due <= nowMs; due += plan.intervalMs) {
      // the time of the fix is when it was due, however late this loop is
      if (device.make(due)) made += 1;
      dueMs[place] = due + plan.intervalMs;
    }
  }
}

function status(): LoadStatus {
  const held = fleet?.devices.reduce((sum, device) => sum + device.held, 0) ?? 0;
  return { made, acknowledged, held, ...counters };
}

function collect(): Collected {
  const fixes = new Float64Array(confirmed);
  confirmed = [];
  if (fixes.length % FIX_COLUMNS !== 0) throw new Error('half a fix');
  return { fixes };
}

answerParent({
  begin,
  resume,
  pause: () => void (isRunning = false),
  target: (list: readonly Target[]) => void (targets = list),
  status,
  collect,
  /** All drop their connection and dial at once, with a fix to tell. */
  reconnect() {
    const nowMs = Date.now();
    for (const device of fleet?.devices ?? []) {
      device.reconnect(nowMs);
      if (device.make(nowMs)) made += 1;
    }
  },
});

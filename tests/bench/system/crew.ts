/** The helper processes beside the system: who sends and who watches. Their CPU is told, and not counted. */
import { processCpuUs } from '../load/cpu.ts';
import type { FrameKind, Phase, Sent } from '../load/phase.ts';
import type { Scenario } from '../load/seed.ts';
import { startHelper, type Helper } from '../load/wire.ts';
import type { Seen } from '../load/viewers.ts';
import { residentBytes } from './measure-size.ts';
import type { UnderTest } from './under-test.ts';

export interface Crew {
  /** Sends at this rate from now on; delays to viewers are measured for its fixes. */
  begin(rate: number, frames: FrameKind): Promise<Phase>;
  /** What was sent, and the answers since the look before. */
  sent(): Promise<Sent>;
  /** What the viewers saw since the look before. */
  seen(): Promise<Seen>;
  /** Resident memory that came with a device's connection, all our processes taken together, bytes. */
  readonly bytesPerConnection: number;
  /** CPU time of the generator so far, µs. */
  generatorUs(): number;
  viewersUs(): number;
  /** Lets them finish. */
  stop(): Promise<void>;
}

/** Connects viewers and devices. */
export async function startCrew(system: UnderTest, scenario: Scenario): Promise<Crew> {
  const helpers: Helper[] = [];
  const start = async (file: string, args: readonly (string | number)[]): Promise<Helper> => {
    const helper = await startHelper(file, args.map(String));
    helpers.push(helper);
    return helper;
  };
  try {
    const viewers = await start('tests/bench/load/viewers.ts', [system.url, scenario.viewers]);
    const before = residentBytes(system);
    const devices = await start('tests/bench/load/devices.ts', [
      system.devicePort,
      scenario.trackers,
    ]);
    const bytesPerConnection = (residentBytes(system) - before) / scenario.trackers;
    return {
      bytesPerConnection,
      async begin(rate, frames) {
        const phase = await devices.ask<Phase>({ type: 'phase', rate, frames });
        await viewers.ask({ type: 'phase', phase });
        return phase;
      },
      sent: () => devices.ask<Sent>({ type: 'look' }),
      seen: () => viewers.ask<Seen>({ type: 'look' }),
      generatorUs: () => processCpuUs(devices.pid),
      viewersUs: () => processCpuUs(viewers.pid),
      async stop() {
        await Promise.all(helpers.map(async (helper) => helper.end()));
      },
    };
  } catch (error) {
    for (const helper of helpers) helper.kill();
    throw error;
  }
}

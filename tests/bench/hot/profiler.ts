/** A CPU profile of a running system, by the inspector of its process (start it with `--inspect=127.0.0.1:0`). */
import { WebSocket } from 'ws';
import type { CpuProfile } from './stages.ts';

export interface Profiler {
  start(): Promise<void>;
  /** Ends profiling and the connection. */
  stop(): Promise<CpuProfile>;
}

/** Speaks to the inspector whose address stands in what the process printed. @throws Error when it has none. */
export async function openProfiler(output: string): Promise<Profiler> {
  const address = /Debugger listening on (ws:\S+)/.exec(output)?.[1];
  if (address === undefined) throw new Error('The process did not open its inspector');
  const socket = new WebSocket(address, { maxPayload: 1_000_000_000 });
  await new Promise((resolve) => socket.once('open', resolve));
  let lastId = 0;
  const call = (method: string, params = {}): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1;
      const id = lastId;
      const hear = (data: Buffer): void => {
        // the inspector's own protocol: answers carry the id of the call
        const message = JSON.parse(data.toString()) as { id?: number; result?: unknown };
        if (message.id !== id) return;
        socket.off('message', hear);
        resolve(message.result);
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await call('Profiler.enable');
  await call('Profiler.setSamplingInterval', { interval: 500 });
  return {
    start: async () => void (await call('Profiler.start')),
    async stop() {
      const { profile } = (await call('Profiler.stop')) as { profile: CpuProfile };
      socket.close();
      return profile;
    },
  };
}

/**
 * The people who watch, a process of their own: logs in each viewer, follows the socket, counts updates. Arguments:
 * address of the web port, number of viewers. Commands: `phase` measures how long the fixes of that phase take to
 * a viewer, from when they were due; `look` answers what came of it.
 */
import { WebSocket } from 'ws';
import { dueMs, Latencies, monotonicMs, type LatencySummary, type Phase } from './phase.ts';
import { emailOf, indexOfName, PASSWORD } from './seed.ts';
import { serveCommands } from './wire.ts';

export type ViewersCommand =
  { readonly type: 'phase'; readonly phase: Phase } | { readonly type: 'look' };

/** What the viewers saw since the last `phase`. */
export interface Seen {
  readonly updates: number;
  readonly latencies: LatencySummary;
}

const [url = '', count = '0'] = process.argv.slice(2);
let phase: Phase | null = null;
let updates = 0;
let latencies = new Latencies();
const sockets: WebSocket[] = [];

for (let i = 0; i < Number(count); i += 1) sockets.push(await watch(i));
serveCommands<ViewersCommand>(
  (command) => {
    const seen: Seen = { updates, latencies: latencies.summary() };
    if (command.type === 'phase') ({ phase } = command);
    updates = 0;
    latencies = new Latencies();
    return seen;
  },
  () => {
    for (const socket of sockets) socket.terminate();
  },
);

async function watch(viewer: number): Promise<WebSocket> {
  const response = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: emailOf(viewer), password: PASSWORD }),
  });
  // our own API: the shape is that of the contracts
  const { sessionKey } = (await response.json()) as { sessionKey: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
  await new Promise((resolve) => socket.once('open', resolve));
  socket.on('message', hear);
  socket.send(JSON.stringify({ sessionKey }));
  return socket;
}

function hear(data: Buffer): void {
  if (!data.includes('"locationUpdate"')) return;
  updates += 1;
  if (phase === null || phase.frames === 'text') return;
  const nowMs = monotonicMs();
  // our own socket: the shape is that of the contracts
  const { name, timestamp } = (
    JSON.parse(data.toString()) as { data: { name: string; timestamp: string } }
  ).data;
  const due = dueMs(phase, indexOfName(name), Date.parse(timestamp));
  if (due !== null) latencies.add(nowMs - due);
}

/** The people who watch, a process of their own: logs in each viewer, follows the socket, counts updates. */
import { WebSocket } from 'ws';
import { emailOf, PASSWORD } from './seed.ts';

const [url = '', count = '0'] = process.argv.slice(2);
let updates = 0;
const sockets: WebSocket[] = [];

for (let i = 0; i < Number(count); i += 1) sockets.push(await watch(i));
process.stdout.write('connected\n');
process.stdin.resume();
process.stdin.on('end', () => {
  process.stdout.write(`${JSON.stringify({ updates })}\n`);
  for (const socket of sockets) socket.terminate();
});

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
  socket.on('message', (data: Buffer) => {
    if (data.includes('"locationUpdate"')) updates += 1;
  });
  socket.send(JSON.stringify({ sessionKey }));
  return socket;
}

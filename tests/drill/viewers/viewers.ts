/**
 * People who watch, a process of their own: each follows the WebSocket of one client process, reconnects when it
 * ends, and notes of every tracker the newest state it was told and whether a session ever went back in time.
 * A `mute` viewer opens its socket and then never reads.
 */
import { WebSocket } from 'ws';
import type { EventReply, LocationData } from '@followme/contracts';
import { answerParent } from '../child.ts';
import type { ViewerPlan, ViewerReport } from './messages.ts';

const RETRY_MS = 200;
const CONNECT_LIMIT_MS = 4_000;
/** The server pings every second: who hears nothing for this long dials anew. */
const SILENCE_LIMIT_MS = 5_000;

class Viewer {
  readonly #plan: ViewerPlan;
  #urls: readonly string[];
  #turn: number;
  #socket: WebSocket | null = null;
  #heardMs = 0;
  #hasEnded = false;
  /** Newest fix time by tracker, over all sessions; and within the present one. */
  readonly #newest = new Map<number, number>();
  #inSession = new Map<number, number>();
  /** When each event was first told, as tracker id, event number and time. */
  #events: number[] = [];
  readonly #counts = { updates: 0, sessions: 0, backwards: 0 };

  constructor(plan: ViewerPlan) {
    this.#plan = plan;
    this.#urls = plan.urls;
    this.#turn = plan.first;
    void this.#live();
  }

  moveTo(urls: readonly string[]): void {
    this.#urls = urls;
  }

  end(): void {
    this.#hasEnded = true;
    this.#socket?.terminate();
  }

  /** What was told since the last time. */
  takeEvents(): Float64Array {
    const events = new Float64Array(this.#events);
    this.#events = [];
    return events;
  }

  report(): ViewerReport {
    const flat = [...this.#newest].flat();
    return { ...this.#counts, newest: new Float64Array(flat) };
  }

  async #live(): Promise<void> {
    while (!this.#hasEnded) {
      const url = this.#urls[this.#turn % this.#urls.length];
      this.#turn += 1;
      if (url !== undefined) await this.#session(url).catch(() => undefined);
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
  }

  async #session(url: string): Promise<void> {
    const key = await this.#logIn(url);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`, {
      handshakeTimeout: CONNECT_LIMIT_MS,
    });
    this.#socket = socket;
    this.#inSession = new Map();
    this.#heardMs = Date.now();
    socket.on('error', () => undefined);
    socket.on('open', () => {
      socket.send(JSON.stringify({ sessionKey: key }));
      if (this.#plan.mute) socket.pause();
      else this.#counts.sessions += 1;
    });
    socket.on('message', (data: Buffer) => this.#hear(data.toString()));
    const watch = setInterval(() => {
      if (!this.#plan.mute && Date.now() - this.#heardMs > SILENCE_LIMIT_MS) socket.terminate();
    }, 500);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(watch);
  }

  async #logIn(url: string): Promise<string> {
    const { email, password } = this.#plan;
    const response = await fetch(`${url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
      signal: AbortSignal.timeout(CONNECT_LIMIT_MS),
    });
    if (response.status !== 200) throw new Error(`login: ${response.status}`);
    // our own API: the shape is that of the contracts
    return ((await response.json()) as { sessionKey: string }).sessionKey;
  }

  #hear(text: string): void {
    this.#heardMs = Date.now();
    if (text.startsWith('{"header":"event"')) {
      const { data } = JSON.parse(text) as { data: EventReply }; // our own protocol
      this.#events.push(data.trackerId, data.eventSeq, this.#heardMs);
      return;
    }
    const isCache = text.startsWith('{"header":"cache"');
    if (!isCache && !text.startsWith('{"header":"locationUpdate"')) return;
    const { data } = JSON.parse(text) as { data: LocationData | LocationData[] }; // our own protocol
    for (const place of Array.isArray(data) ? data : [data]) this.#note(place);
  }

  #note({ tracker, timestamp }: LocationData): void {
    const fixTimeMs = Date.parse(timestamp);
    this.#counts.updates += 1;
    if (fixTimeMs < (this.#inSession.get(tracker) ?? 0)) this.#counts.backwards += 1;
    this.#inSession.set(tracker, fixTimeMs);
    // what the last session was told last is what its viewer sees
    this.#newest.set(tracker, fixTimeMs);
  }
}

const viewers = new Map<string, Viewer>();
answerParent({
  add: ({ name, plan }: { name: string; plan: ViewerPlan }) => {
    viewers.set(name, new Viewer(plan));
  },
  moveTo(urls: readonly string[]) {
    for (const viewer of viewers.values()) viewer.moveTo(urls);
  },
  report: (name: string) => viewers.get(name)?.report() ?? null,
  takeEvents: (name: string) => viewers.get(name)?.takeEvents() ?? new Float64Array(),
  end(name: string) {
    viewers.get(name)?.end();
    viewers.delete(name);
  },
});

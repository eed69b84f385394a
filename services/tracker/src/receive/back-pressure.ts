/**
 * While the log is behind, sockets wait instead of our memory growing: a socket that delivered bytes is
 * paused and reads on when the batches are down to half. TCP then slows the devices.
 */
import type { Socket } from 'node:net';
import type { LaneBatcher } from '../append/lane-batcher.ts';

export interface BackPressure {
  /** Pauses the socket when the log is behind; true when it did. */
  hold(socket: Socket): boolean;
  /** The socket is gone. */
  forget(socket: Socket): void;
  /** From now on paused sockets stay paused: the process is draining. */
  freeze(): void;
  /** Sockets that wait. */
  readonly waiting: number;
}

export function createBackPressure(batcher: LaneBatcher): BackPressure {
  const waiting = new Set<Socket>();
  let frozen = false;
  batcher.onRelief(() => {
    if (frozen) return;
    for (const socket of waiting) socket.resume();
    waiting.clear();
  });
  return {
    hold(socket) {
      if (!batcher.isFull) return false;
      socket.pause();
      waiting.add(socket);
      return true;
    },
    forget: (socket) => void waiting.delete(socket),
    freeze() {
      frozen = true;
    },
    get waiting() {
      return waiting.size;
    },
  };
}

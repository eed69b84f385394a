/**
 * Stops and starts the reading of a socket at once. `pause()` alone lets Node go on reading until its own buffer is
 * full (up to 80 kB a socket, over a gigabyte for 15,000), and what waits has to wait in the system, where TCP slows
 * the device.
 *
 * The handle of a socket is not part of Node's documented interface; it is used here and nowhere else. Without it
 * `pause()` still works, with the buffer.
 */
import type { Socket } from 'node:net';

interface ReadingHandle {
  readStart(): number;
  readStop(): number;
}

function isReadingHandle(value: unknown): value is ReadingHandle {
  return typeof value === 'object' && value !== null && 'readStart' in value && 'readStop' in value;
}

function handleOf(socket: Socket): ReadingHandle | null {
  const handle: unknown = Reflect.get(socket, '_handle');
  return isReadingHandle(handle) ? handle : null;
}

/** Nothing of the socket is read until `startReading`. */
export function stopReading(socket: Socket): void {
  socket.pause();
  handleOf(socket)?.readStop();
}

/** Goes on reading. */
export function startReading(socket: Socket): void {
  handleOf(socket)?.readStart();
  socket.resume();
}

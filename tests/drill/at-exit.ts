/** What must not outlive the drill, however it ends short of SIGKILL. */

const last = new Set<() => void>();
let isListening = false;

/** Runs `end` when the process exits; the answer takes it back. `end` must not wait for anything. */
export function atExit(end: () => void): () => void {
  if (!isListening) process.on('exit', () => last.forEach((one) => one()));
  isListening = true;
  last.add(end);
  return () => void last.delete(end);
}

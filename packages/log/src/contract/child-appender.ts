/** Starts an appender process and collects what it prints. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RunningAppender } from './subject.ts';

/**
 * Runs the TypeScript program `file` with `args` from source. `kill` is a `kill -9`; an engine with processes
 * of its own kills those besides.
 * @throws Error from `lines` when the program ended by itself, with what it said on standard error.
 */
export function startChildAppender(file: string, args: readonly string[]): RunningAppender {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close');
  let printed = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaints += chunk));
  return {
    lines() {
      if (child.exitCode !== null) {
        throw new Error(`The appender ended with ${child.exitCode}: ${complaints}`);
      }
      // what follows the last line feed is no complete line
      return printed.split('\n').slice(0, -1);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** How the bench talks to its helper processes: a line of JSON in, a line of JSON out. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../support/system.ts';

const END_LIMIT_MS = 5_000;

/** A helper process that answers each command with one line. */
export interface Helper {
  readonly pid: number;
  /** Its answer to a command. The caller knows what its own helper answers. */
  ask<T>(command: object): Promise<T>;
  /** Lets it finish; one that is too busy to hear of it is ended. */
  end(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a program (path in the repository) from source; resolves when it says that it is ready. */
export async function startHelper(file: string, args: readonly string[]): Promise<Helper> {
  const program = path.join(ROOT, file);
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', program, ...args],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const nextLine = readLines(child, file);
  await nextLine();
  return {
    pid: child.pid ?? 0,
    async ask<T>(command: object) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      return JSON.parse(await nextLine()) as T;
    },
    async end() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
      await ended;
      clearTimeout(timer);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** The lines that the helper prints, one per call; at most one call waits at a time. */
function readLines(child: ChildProcess, name: string): () => Promise<string> {
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  let ended: number | null | undefined;
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      wake();
    });
  }
  child.once('exit', (code) => {
    ended = code;
    wake();
  });
  return async () => {
    for (;;) {
      const line = lines.shift();
      if (line !== undefined) return line;
      if (ended !== undefined) throw new Error(`${name} ended with ${ended}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** The helper's side: says that it is ready, answers commands, and calls `end` when no more come. */
export function serveCommands<T>(answer: (command: T) => object, end: () => void): void {
  process.stdout.write('{}\n');
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as T))}\n`);
    })
    .on('close', end);
}

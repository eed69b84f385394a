/**
 * Helpers of the drill run as processes of their own, so that neither load nor proxies wait for each other or for
 * the oracle. A parent asks, the child answers; a child without a parent ends.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '../support/system.ts';

interface Question {
  readonly id: number;
  readonly what: string;
  readonly about: unknown;
}

type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string };

/** A running helper. */
export interface Child {
  readonly pid: number;
  /** Asks for something the helper knows. @throws Error when it fails there, or the helper has ended. */
  ask<T>(what: string, about?: unknown): Promise<T>;
  /** Ends it at once. */
  end(): Promise<void>;
}

/** Starts `file` (relative to the drill's folder) and waits until it says that it is ready. */
export async function startChild(file: string): Promise<Child> {
  const child = fork(path.join(import.meta.dirname, file), [], {
    cwd: ROOT,
    execArgv: ['--conditions=source', '--import', 'tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const [id, hear] of waiting) hear({ id, failure: `${file} has ended` });
      waiting.clear();
      resolve();
    });
  });
  await untilReady(child, file);
  // both ends are ours: what comes is an answer
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return {
    pid: child.pid ?? 0,
    ask<T>(what: string, about: unknown = null) {
      return new Promise<T>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, (answer) => {
          // the asker names the shape of what it asked for
          if ('value' in answer) resolve(answer.value as T);
          else reject(new Error(`${file} ${what}: ${answer.failure}`));
        });
        child.send({ id: lastId, what, about } satisfies Question, (error) => {
          if (error !== null) waiting.get(lastId)?.({ id: lastId, failure: error.message });
        });
      });
    },
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function untilReady(child: ChildProcess, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

/** What a helper can be asked; each function takes what the question is about. */
export type Answers = Readonly<Record<string, (about: never) => unknown>>;

/** The helper's side: answers questions until the parent is gone. */
export function answerParent(answers: Answers): void {
  const send = (answer: Answer): void => void process.send?.(answer);
  const reply = async ({ id, what, about }: Question): Promise<void> => {
    try {
      const answer = answers[what];
      if (answer === undefined) throw new Error(`cannot be asked "${what}"`);
      send({ id, value: await answer(about as never) }); // the parent sends what the function takes
    } catch (error) {
      send({ id, failure: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on('message', (question: Question) => void reply(question));
  process.on('disconnect', () => process.exit());
  // Ctrl-C in a terminal reaches all: the parent decides when we end
  process.on('SIGINT', () => undefined);
  process.send?.('ready');
}

import { silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { EXIT, Refusal } from '../exit-code.ts';
import { lookUntilSure, watchLog, type LogWatch } from './log-watch.ts';

const GONE = new Refusal(EXIT.wrongData, 'The log went back.');

/** A watch whose looks answer `looks` one after the other, the last one for ever. */
function watch(looks: readonly (Refusal | null | 'no answer')[]): {
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly watch: LogWatch;
  readonly broken: () => Refusal | null;
} {
  const clock = createFakeClock();
  let next = 0;
  let broken: Refusal | null = null;
  const watching = watchLog({
    clock,
    logger: silentLogger,
    async look() {
      const answer = looks[Math.min(next, looks.length - 1)] ?? null;
      next += 1;
      if (answer === 'no answer') throw new Error('the server does not answer');
      return answer;
    },
  });
  void watching.broken.then((reason) => (broken = reason));
  return { clock, watch: watching, broken: () => broken };
}

test('is well, and says so, as long as log and database belong together', async () => {
  const { clock, watch: watching, broken } = watch([null]);
  await clock.advance(60_000);
  expect(broken()).toBeNull();
  expect(watching.check()).toEqual({ name: 'log and database', ok: true });
  await watching.stop();
});

test('one look that says no takes the process out of service; the third in a row ends it', async () => {
  const { clock, watch: watching, broken } = watch([null, GONE]);
  await clock.advance(6_000);
  expect(watching.check()).toEqual({ name: 'log and database', ok: false, detail: GONE.message });
  expect(broken()).toBeNull();
  await clock.advance(1_000);
  expect(broken()).toBe(GONE);
});

test('a server that was only coming up is forgiven', async () => {
  const { clock, watch: watching, broken } = watch([GONE, GONE, null]);
  await clock.advance(60_000);
  expect(broken()).toBeNull();
  expect(watching.check().ok).toBe(true);
  await watching.stop();
});

test('without an answer for three looks in a row it is not well, and does not end', async () => {
  const { clock, watch: watching, broken } = watch(['no answer', 'no answer', 'no answer', null]);
  await clock.advance(6_000);
  expect(watching.check().ok).toBe(true);
  await clock.advance(3_000);
  expect(watching.check()).toMatchObject({ ok: false });
  await clock.advance(3_000);
  expect(watching.check().ok).toBe(true);
  expect(broken()).toBeNull();
  await watching.stop();
});

test('no answer is neither a yes nor a no', async () => {
  const { clock, watch: watching, broken } = watch([GONE, 'no answer', 'no answer', GONE, GONE]);
  await clock.advance(3_000 + 2_000);
  expect(broken()).toBe(GONE);
  const other = watch(['no answer']);
  await other.clock.advance(60_000);
  expect(other.broken()).toBeNull();
  await Promise.all([watching.stop(), other.watch.stop()]);
});

describe('before a start', () => {
  /** The answer to the start, or null while there is none, and how many looks it took. */
  function begin(answers: readonly (Refusal | null)[]) {
    const clock = createFakeClock();
    const told: { answer?: Refusal | null; looks: number } = { looks: 0 };
    const look = async (): Promise<Refusal | null> => {
      told.looks += 1;
      return answers[Math.min(told.looks, answers.length) - 1] ?? null;
    };
    void lookUntilSure({ clock, look }).then((answer) => (told.answer = answer));
    return { clock, told };
  }

  test('one look that finds nothing wrong is enough', async () => {
    const { clock, told } = begin([null]);
    await clock.advance(0);
    expect(told).toEqual({ answer: null, looks: 1 });
  });

  test('it is refused when three looks in a row say no, not before', async () => {
    const { clock, told } = begin([GONE]);
    await clock.advance(999);
    expect(told).toEqual({ looks: 2 });
    await clock.advance(1);
    expect(told).toEqual({ answer: GONE, looks: 3 });
  });

  test('it goes on when a leader that was behind has caught up', async () => {
    const { clock, told } = begin([GONE, GONE, null]);
    await clock.advance(1_000);
    expect(told).toEqual({ answer: null, looks: 3 });
  });
});

import type { FencePreviewBody, FencePreviewReply } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../api/client.ts';
import { createManualClock } from '../../testing.ts';
import { createPreviewAsking, type Preview, QUIET_MS } from './preview-asking.ts';

const seenOf = (entries: number): FencePreviewReply => ({
  from: '2026-05-13T12:00:00.000Z',
  to: '2026-05-20T12:00:00.000Z',
  isWhole: true,
  entries,
  exits: entries,
  trackers: 1,
  visitors: 1,
  positions: 100,
});
const bodyOf = (radiusM: number): FencePreviewBody => ({
  geometry: { type: 'Point', coordinates: [5, 52], radiusM },
});

interface Question {
  readonly body: FencePreviewBody;
  readonly signal: AbortSignal;
  readonly answer: (seen: FencePreviewReply) => void;
  readonly fail: (error: unknown) => void;
}

function start() {
  const clock = createManualClock(0);
  const questions: Question[] = [];
  const told: Preview[] = [];
  const asking = createPreviewAsking({
    clock,
    fetch: (body, signal) =>
      new Promise((answer, fail) => questions.push({ body, signal, answer, fail })),
    onPreview: (preview) => told.push(preview),
  });
  return { clock, questions, told, asking };
}
/** Lets what was answered arrive. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('what a place would have seen', () => {
  test('is asked once, when nothing was changed for a moment', async () => {
    const { clock, questions, told, asking } = start();
    for (const radiusM of [100, 200, 300]) {
      asking.change(() => bodyOf(radiusM));
      clock.advance(QUIET_MS - 1);
    }
    expect(questions).toEqual([]);
    clock.advance(1);
    expect(questions.map(({ body }) => body)).toEqual([bodyOf(300)]);
    questions[0]?.answer(seenOf(14));
    await settled();
    expect(told.at(-1)).toEqual({ kind: 'known', seen: seenOf(14) });
  });

  test('a newer question ends the one before, whose answer says nothing any more', async () => {
    const { clock, questions, told, asking } = start();
    asking.change(() => bodyOf(100));
    clock.advance(QUIET_MS);
    asking.change(() => bodyOf(200));
    expect(questions[0]?.signal.aborted).toBe(true);
    questions[0]?.answer(seenOf(1));
    await settled();
    expect(told.at(-1)).toEqual({ kind: 'asking', last: null });
    clock.advance(QUIET_MS);
    questions[1]?.answer(seenOf(2));
    await settled();
    expect(told.at(-1)).toEqual({ kind: 'known', seen: seenOf(2) });
  });

  test('the answer before stands until the next one comes', async () => {
    const { clock, questions, told, asking } = start();
    asking.change(() => bodyOf(100));
    expect(told.at(-1)).toEqual({ kind: 'asking', last: null });
    clock.advance(QUIET_MS);
    questions[0]?.answer(seenOf(5));
    await settled();
    asking.change(() => bodyOf(200));
    expect(told.at(-1)).toEqual({ kind: 'asking', last: seenOf(5) });
  });

  test('nothing is asked of what cannot be a place, and nothing is said of it', () => {
    const { clock, questions, told, asking } = start();
    asking.change(() => null);
    clock.advance(QUIET_MS);
    expect(told.at(-1)).toEqual({ kind: 'none' });
    asking.change(() => bodyOf(100));
    asking.clear();
    clock.advance(QUIET_MS * 2);
    expect(questions).toEqual([]);
    expect(told.at(-1)).toEqual({ kind: 'none' });
  });

  test.each([
    ['no answer', new ApiError(0, 'x'), 'failed'],
    ['too many questions', new ApiError(503, 'x'), 'failed'],
    [
      'a shape the server refuses',
      new ApiError(422, 'x', {
        type: 'urn:followme:error:FENCE_INVALID',
        title: 'x',
        status: 422,
        code: 'FENCE_INVALID',
        retryable: false,
      }),
      'none',
    ],
  ])('%s is told as such', async (_what, error, kind) => {
    const { clock, questions, told, asking } = start();
    asking.change(() => bodyOf(100));
    clock.advance(QUIET_MS);
    questions[0]?.fail(error);
    await settled();
    expect(told.at(-1)?.kind).toBe(kind);
  });
});

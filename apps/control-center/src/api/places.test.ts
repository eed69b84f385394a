import type { FencePage, FenceReply } from '@followme/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commitFenceImport, fetchFenceList } from './places.ts';

const fence = (id: number, version: number): FenceReply => ({
  id,
  name: `f${id}`,
  geometry: { type: 'Point', coordinates: [5, 52], radiusM: 10 },
  groupIds: null,
  version,
});
const page = (parts: Partial<FencePage>): FencePage => ({
  items: [],
  nextCursor: null,
  version: 1,
  deletedIds: [],
  ...parts,
});

/** A server that gives these answers one after the other; `null` is none at all. */
function serve(...answers: readonly (object | null)[]): string[] {
  const asked: string[] = [];
  let next = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    const answer = answers[next];
    next += 1;
    if (answer === null || answer === undefined) throw new TypeError('no answer');
    return Response.json(answer);
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());
const { signal } = new AbortController();

describe('the list of places', () => {
  test('is read page by page and stands for the version of the first one', async () => {
    const asked = serve(
      page({ items: [fence(1, 1)], nextCursor: 'x', version: 4 }),
      page({ items: [fence(2, 5)], version: 5 }),
    );
    expect(await fetchFenceList(undefined, signal)).toEqual({
      version: 4,
      fences: [fence(1, 1), fence(2, 5)],
    });
    expect(asked).toEqual(['/api/fences?limit=1000', '/api/fences?limit=1000&cursor=x']);
  });

  test('asks only what changed since, and keeps the objects of what did not', async () => {
    const known = { version: 4, fences: [fence(1, 1), fence(2, 2), fence(3, 3)] };
    const asked = serve(page({ items: [fence(2, 6)], deletedIds: [3, 9], version: 6 }));
    const next = await fetchFenceList(known, signal);
    expect(asked).toEqual(['/api/fences?limit=1000&since=4']);
    expect(next.fences.map(({ id, version }) => [id, version])).toEqual([
      [1, 1],
      [2, 6],
    ]);
    expect(next.fences[0]).toBe(known.fences[0]);
  });

  test('is the same list when nothing changed, though a version passed', async () => {
    const known = { version: 4, fences: [fence(1, 1)] };
    serve(page({ items: [fence(1, 1)], deletedIds: [8], version: 7 }));
    const next = await fetchFenceList(known, signal);
    expect([next.version, next.fences === known.fences]).toEqual([7, true]);
  });
});

describe('finishing an import', () => {
  const made = { id: 7, name: 'f', state: 'done', places: 3 } as const;

  test('whose answer was lost is asked for, and is no failure when the places are there', async () => {
    const asked = serve(null, made);
    expect(await commitFenceImport(7)).toEqual(made);
    expect(asked).toEqual(['/api/fence-imports/7/commit', '/api/fence-imports/7']);
  });

  test('that did not happen is a failure', async () => {
    serve(null, { ...made, state: 'open' });
    await expect(commitFenceImport(7)).rejects.toMatchObject({ name: 'ApiError', status: 0 });
  });
});

import { describe, expect, test } from 'vitest';
import type { ImportCommand, ImportMessage } from './import-protocol.ts';
import { importName, ImportRun, type ImportState, MAX_FILE_BYTES } from './import-run.ts';

const SIZES = { radiusM: 100, widthM: 20 };
const found: ImportMessage = {
  type: 'found',
  found: { good: 3, refused: 1, named: [], points: 0, lines: 0 },
};

function world(options: { readonly commitFails?: boolean } = {}) {
  const states: ImportState[] = [];
  const calls: string[] = [];
  const commands: ImportCommand[] = [];
  let tell: (message: ImportMessage) => void = () => undefined;
  let letBegin: () => void = () => undefined;
  const open = { id: 7, name: 'f', state: 'open', places: 0 } as const;
  const run = new ImportRun({
    startReader(onMessage) {
      tell = onMessage;
      return { send: (command) => commands.push(command), end: () => calls.push('end') };
    },
    begin: async (body) => {
      calls.push(`begin ${body.name} ${JSON.stringify(body.groupIds)}`);
      await new Promise<void>((resolve) => (letBegin = resolve));
      return open;
    },
    commit: async (id) => {
      calls.push(`commit ${id}`);
      if (options.commitFails === true) throw new Error('no answer');
      return { ...open, state: 'done', places: 3 };
    },
    withdraw: async (id) => void calls.push(`withdraw ${id}`),
    onState: (state) => states.push(state),
    onImported: async ({ places }, refused) =>
      void calls.push(`imported ${places}, ${refused.length} refused`),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  };
  return {
    run,
    calls,
    commands,
    tell: (message: ImportMessage) => tell(message),
    letBegin: async () => {
      letBegin();
      await settle();
    },
    settle,
    kinds: () => states.map(({ kind }) => kind),
    last: () => states.at(-1),
  };
}
const file = (name = 'places.kml'): File => new File(['x'], name);

describe('an import', () => {
  test('is read, sent, made and told, and then another can be chosen', async () => {
    const w = world();
    w.run.read(file());
    w.tell(found);
    void w.run.begin({ sizes: SIZES, groupIds: [4] });
    await w.letBegin();
    expect(w.commands.at(-1)).toEqual({ type: 'send', importId: 7, sizes: SIZES });
    w.tell({ type: 'sending', done: 2, all: 4 });
    w.tell({ type: 'sent', refused: [{ index: 1, name: 'b', reason: 'EMPTY' }] });
    await w.settle();
    expect(w.calls).toEqual(['begin places.kml [4]', 'commit 7', 'imported 3, 1 refused', 'end']);
    expect(w.kinds()).toEqual(['reading', 'found', 'sending', 'sending', 'making', 'choosing']);
  });

  test('without groups is for all trackers', async () => {
    const w = world();
    w.run.read(file());
    w.tell(found);
    void w.run.begin({ sizes: SIZES, groupIds: [] });
    await w.letBegin();
    expect(w.calls).toEqual(['begin places.kml null']);
  });

  test('that is stopped while it is sent is taken away, and its reader ends', async () => {
    const w = world();
    w.run.read(file());
    w.tell(found);
    void w.run.begin({ sizes: SIZES, groupIds: [] });
    await w.letBegin();
    expect(w.run.stop()).toBe(true);
    await w.settle();
    expect(w.calls.slice(1)).toEqual(['end', 'withdraw 7']);
    expect(w.last()).toEqual({ kind: 'choosing', problem: null });
  });

  test('that is stopped before the server answered is taken away too, and nothing is sent', async () => {
    const w = world();
    w.run.read(file());
    w.tell(found);
    void w.run.begin({ sizes: SIZES, groupIds: [] });
    w.run.stop();
    await w.letBegin();
    expect(w.calls.slice(1)).toEqual(['end', 'withdraw 7']);
    expect(w.commands.map(({ type }) => type)).toEqual(['read']);
  });

  test('that fails is taken away and can be tried again with what was found', async () => {
    const w = world({ commitFails: true });
    w.run.read(file());
    w.tell(found);
    void w.run.begin({ sizes: SIZES, groupIds: [] });
    await w.letBegin();
    w.tell({ type: 'sent', refused: [] });
    await w.settle();
    expect(w.calls.slice(1)).toEqual(['commit 7', 'withdraw 7']);
    expect(w.last()).toMatchObject({ kind: 'found', hasFailed: true });
    void w.run.begin({ sizes: SIZES, groupIds: [] });
    expect(w.last()).toMatchObject({ kind: 'sending' });
  });

  test('of a file that cannot be read says why', () => {
    const w = world();
    w.run.read(file());
    w.tell({ type: 'notRead', fault: 'notXml' });
    expect(w.last()).toEqual({ kind: 'choosing', problem: 'notXml' });
  });

  test('of a file of 200 MB is refused without reading it', () => {
    const w = world();
    const bytes = 200 * 1024 * 1024;
    w.run.read({ name: 'big.geojson', size: bytes } as File);
    expect(bytes).toBeGreaterThan(MAX_FILE_BYTES);
    expect(w.last()).toEqual({ kind: 'choosing', problem: { tooLargeBytes: bytes } });
    expect(w.commands).toEqual([]);
  });
});

test.each([
  ['depots.kml', 'depots.kml'],
  ['a\u0000b\nc.kml', 'a b c.kml'],
  [' \u0007 ', '-'],
  ['x'.repeat(500), 'x'.repeat(200)],
])('the file %j is an import with a name the server takes', (name, expected) => {
  expect(importName(name)).toBe(expected);
});

import { expect, test } from 'vitest';
import { type Command, createCommandRegistry } from './commands.ts';

const command = (id: string, parts: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'live',
  keys: [],
  run: () => undefined,
  ...parts,
});

test('commands of several owners stand together and go with their owner', () => {
  const registry = createCommandRegistry();
  registry.put('frame', [command('palette')]);
  registry.put('view', [command('table'), command('filter')]);
  registry.remove('frame');
  expect(registry.snapshot().map(({ id }) => id)).toEqual(['table', 'filter']);
});

test('who listens hears when a command reads differently, not when only its deed is another', () => {
  const registry = createCommandRegistry();
  let calls = 0;
  registry.subscribe(() => (calls += 1));
  registry.put('view', [command('table')]);
  const before = registry.snapshot();
  registry.put('view', [command('table')]);
  expect([calls, registry.snapshot() === before]).toEqual([1, true]);
  registry.put('view', [command('table', { isEnabled: false })]);
  expect(calls).toBe(2);
});

test('what runs is the newest deed, also of a list that was read before', () => {
  const registry = createCommandRegistry();
  const done: string[] = [];
  registry.put('view', [command('table', { run: () => void done.push('old') })]);
  const [listed] = registry.snapshot();
  registry.put('view', [command('table', { run: () => void done.push('new') })]);
  listed?.run?.();
  expect(done).toEqual(['new']);
});

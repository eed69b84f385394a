import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CellTable } from './cell-table.ts';

const postingsOf = (table: CellTable, cell: number): number[] => {
  const slot = table.find(cell);
  if (slot < 0) return [];
  const start = table.startOf(slot);
  return [...table.postings.subarray(start, start + table.countOf(slot))].toSorted((a, b) => a - b);
};

test('a table holds what was added and not taken out, whatever came before', () => {
  const change = fc.record({
    isAdded: fc.boolean(),
    // few cells, so that stretches grow; and some far apart, so that the table does
    cell: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 2 ** 30 })),
    posting: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const table = new CellTable();
      const oracle = new Map<number, Set<number>>();
      for (const { isAdded, cell, posting } of changes) {
        const held = oracle.get(cell) ?? new Set<number>();
        oracle.set(cell, held);
        if (!isAdded) {
          table.remove(cell, posting);
          held.delete(posting);
        } else if (!held.has(posting)) {
          table.add(cell, posting);
          held.add(posting);
        }
      }
      for (const [cell, held] of oracle) {
        expect(postingsOf(table, cell)).toEqual([...held].toSorted((a, b) => a - b));
      }
      expect(table.find(2 ** 30 + 1)).toBe(-1);
    }),
    { numRuns: 500 },
  );
});

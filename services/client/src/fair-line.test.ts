import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairLine, type Share } from './fair-line.ts';

const share = (tenant: string, person = 'x'): Share => ({ tenant, person });
const everybody = () => true;
/** Puts `count` items of a share into the line, named after it. */
function fill(line: FairLine<string>, { tenant, person }: Share, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const joined = line.join({ tenant, person }, `${tenant}${person}${n}`);
    return joined.kind === 'displaced' ? joined.item : joined.kind;
  });
}
function drain(line: FairLine<string>, may: (tenant: string) => boolean = everybody): string[] {
  const items: string[] = [];
  for (let item = line.next(may); item !== null; item = line.next(may)) items.push(item);
  return items;
}

describe('a fair line', () => {
  test('serves one person in the order of arrival', () => {
    const line = new FairLine<string>(10);
    fill(line, share('a'), 3);
    expect(drain(line)).toEqual(['ax0', 'ax1', 'ax2']);
    expect(line.size).toBe(0);
  });

  test('lets customers take turns, however many one of them sends', () => {
    const line = new FairLine<string>(100);
    fill(line, share('a'), 50);
    fill(line, share('b'), 2);
    expect(drain(line).slice(0, 5)).toEqual(['ax0', 'bx0', 'ax1', 'bx1', 'ax2']);
  });

  test('lets people of a customer take turns', () => {
    const line = new FairLine<string>(100);
    fill(line, share('a', 'p'), 50);
    fill(line, share('a', 'q'), 1);
    expect(drain(line).slice(0, 3)).toEqual(['ap0', 'aq0', 'ap1']);
  });

  test('passes over customers that may not have a turn now, and keeps their place', () => {
    const line = new FairLine<string>(10);
    fill(line, share('a'), 2);
    fill(line, share('b'), 1);
    expect(drain(line, (tenant) => tenant !== 'a')).toEqual(['bx0']);
    expect(drain(line)).toEqual(['ax0', 'ax1']);
  });

  test('when full makes the longest part give way to who has less', () => {
    const line = new FairLine<string>(10);
    fill(line, share('a'), 10);
    expect(fill(line, share('b'), 6)).toEqual(['ax9', 'ax8', 'ax7', 'ax6', 'ax5', 'refused']);
    expect(line.size).toBe(10);
  });

  test('when full refuses who fills it', () => {
    const line = new FairLine<string>(10);
    expect(fill(line, share('a'), 12).slice(-2)).toEqual(['refused', 'refused']);
  });

  test('when full with one customer makes the person with most give way', () => {
    const line = new FairLine<string>(10);
    fill(line, share('a', 'p'), 10);
    expect(fill(line, share('a', 'q'), 1)).toEqual(['ap9']);
    expect(fill(line, share('a', 'p'), 1)).toEqual(['refused']);
  });

  test('forgets who left before their turn', () => {
    const line = new FairLine<string>(10);
    fill(line, share('a'), 3);
    line.leave(share('a'), 'ax1');
    line.leave(share('a'), 'ax1');
    line.leave(share('b'), 'bx0');
    expect([line.size, ...drain(line)]).toEqual([2, 'ax0', 'ax2']);
  });

  test('whatever joins, leaves and is served, nothing is lost, doubled or beyond the bound', () => {
    const step = fc.record({
      deed: fc.constantFrom('join', 'join', 'join', 'next', 'leave'),
      tenant: fc.constantFrom('a', 'b', 'c'),
      person: fc.constantFrom('p', 'q'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const line = new FairLine<number>(8);
        const waiting = new Map<number, Share>();
        let made = 0;
        for (const { deed, ...from } of steps) {
          if (deed === 'join') {
            made += 1;
            const joined = line.join(from, made);
            if (joined.kind === 'displaced') expect(waiting.delete(joined.item)).toBe(true);
            if (joined.kind !== 'refused') waiting.set(made, from);
          } else if (deed === 'next') {
            const item = line.next(everybody);
            expect(item !== null).toBe(waiting.size > 0);
            if (item !== null) expect(waiting.delete(item)).toBe(true);
          } else {
            const [first] = waiting;
            if (first !== undefined) line.leave(first[1], first[0]);
            if (first !== undefined) waiting.delete(first[0]);
          }
          expect(line.size).toBe(waiting.size);
          expect(line.size).toBeLessThanOrEqual(8);
        }
      }),
    );
  });
});

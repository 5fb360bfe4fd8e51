/** What is held within a bound, and what goes when it is too much. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Holding } from '../../src/worker/holding.ts';

/** Something of a size, which tells when it is dropped. */
const recipe = (name: string, bytes: number, dropped: string[] = [], made: string[] = []) => ({
  make: async () => (made.push(name), name),
  bytes: () => bytes,
  drop: (value: string) => void dropped.push(value),
});

test('what was not used for longest is dropped first', async () => {
  const dropped: string[] = [];
  const holding = new Holding(30);
  for (const name of ['a', 'b', 'c']) await holding.get(name, recipe(name, 10, dropped));
  await holding.get('a', recipe('a', 10, dropped));
  await holding.get('d', recipe('d', 20, dropped));
  expect(dropped).toEqual(['b', 'c']);
  expect([holding.names, holding.bytes]).toEqual([['a', 'd'], 30]);
  holding.clear();
  expect([dropped, holding.bytes]).toEqual([['b', 'c', 'a', 'd'], 0]);
});

test('what is in use stays, and goes when it no longer is', async () => {
  const dropped: string[] = [];
  const holding = new Holding(10);
  await holding.using('a', recipe('a', 10, dropped), async () => {
    await holding.get('b', recipe('b', 10, dropped));
    expect(dropped).toEqual(['b']); // nobody needs it, and it is too much
    await holding.using('c', recipe('c', 10, dropped), async () => expect(holding.bytes).toBe(20));
  });
  expect([dropped, holding.names]).toEqual([['b', 'c'], ['a']]);
});

test('who asks while it is made waits for the same; when that is cancelled it is made anew', async () => {
  const holding = new Holding(100);
  const made: string[] = [];
  const [one, other] = await Promise.all([1, 2].map(() => holding.get('a', recipe('a', 1, [], made))));
  expect([one, other, made]).toEqual(['a', 'a', ['a']]);
  const cancelled = holding.get('b', { make: () => Promise.reject(new Error('cancelled')), bytes: () => 1 });
  const waiting = holding.get('b', recipe('b', 1, [], made));
  await expect(cancelled).rejects.toThrow('cancelled');
  expect(await waiting).toBe('b');
});

test('whatever is asked for in whatever order, the bound holds and nothing is dropped twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 40 })), { maxLength: 60 }),
      async (asked) => {
        const [dropped, made]: string[][] = [[], []];
        const holding = new Holding(100);
        for (const [name, bytes] of asked)
          await holding.get(`${name}`, recipe(`${name}`, bytes, dropped, made));
        expect(holding.bytes).toBeLessThanOrEqual(100);
        expect([...dropped, ...holding.names].sort()).toEqual([...made].sort());
      },
    ),
  );
});

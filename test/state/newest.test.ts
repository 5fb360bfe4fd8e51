import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Newest } from '../../src/state/newest.ts';

/** Work that is finished by hand. */
function bench({ interrupts = false, heedsCancel = true } = {}) {
  const begun: {
    args: number;
    done: (value: string) => void;
    fail: (why: string) => void;
    cancelled: boolean;
  }[] = [];
  const results: string[] = [];
  const failures: string[] = [];
  let running = 0;
  let most = 0;
  let busy = false;
  const newest = new Newest<number, string>({
    interrupts,
    begin: (args) => {
      running++;
      most = Math.max(most, running);
      const end = (settle: () => void) => {
        running--;
        settle();
      };
      const promise = new Promise<string>((resolve, reject) => {
        begun.push({
          args,
          cancelled: false,
          done: (value) => end(() => resolve(value)),
          fail: (why) => end(() => reject(new Error(why))),
        });
      });
      const entry = begun.at(-1);
      return Object.assign(promise, {
        cancel: () => {
          entry.cancelled = true;
          if (heedsCancel) entry.fail('cancelled');
        },
      });
    },
    done: (result) => results.push(result),
    failed: (error) => failures.push((error as Error).message),
    busy: (now) => (busy = now),
  });
  const rest = () => new Promise((resolve) => setTimeout(resolve));
  return { newest, begun, results, failures, rest, most: () => most, busy: () => busy };
}

test('one is in flight at most, and the newest of those that wait wins', async () => {
  const { newest, begun, results, rest, most, busy } = bench();
  [1, 2, 3, 4].forEach((n) => newest.ask(n));
  expect(begun.map((one) => one.args)).toEqual([1]);
  expect(busy()).toBe(true);
  begun[0].done('one');
  await rest();
  expect(begun.map((one) => one.args)).toEqual([1, 4]);
  begun[1].done('four');
  await rest();
  expect(results).toEqual(['one', 'four']);
  expect(most()).toBe(1);
  expect(busy()).toBe(false);
});

test('long work is interrupted, and its answer is not reported', async () => {
  for (const heedsCancel of [true, false]) {
    const { newest, begun, results, failures, rest, most } = bench({ interrupts: true, heedsCancel });
    newest.ask(1);
    newest.ask(2);
    expect(begun[0].cancelled).toBe(true);
    if (!heedsCancel) begun[0].done('too late');
    await rest();
    begun[1].done('two');
    await rest();
    expect(results).toEqual(['two']);
    expect(failures).toEqual([]);
    expect(most()).toBe(1);
  }
});

test('a failure is reported, and what waits goes on', async () => {
  const { newest, begun, results, failures, rest } = bench();
  newest.ask(1);
  newest.ask(2);
  begun[0].fail('broken');
  await rest();
  begun[1].done('two');
  await rest();
  expect(failures).toEqual(['broken']);
  expect(results).toEqual(['two']);
});

test('cancelling forgets what waits, and lets a new question in', async () => {
  const { newest, begun, results, rest } = bench();
  newest.ask(1);
  newest.ask(2);
  newest.cancel();
  newest.ask(3);
  await rest();
  expect(begun.map((one) => one.args)).toEqual([1, 3]);
  begun[1].done('three');
  await rest();
  expect(results).toEqual(['three']);
});

test('whatever the order, the last question is the last answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (finishes) => {
      const { newest, begun, results, rest, most } = bench();
      for (const [i, finish] of finishes.entries()) {
        newest.ask(i);
        const open = begun.at(-1);
        if (finish) open.done(`${open.args}`);
        await rest();
      }
      for (let guard = 0; newest.running && guard < 30; guard++) {
        const open = begun.at(-1);
        open.done(`${open.args}`);
        await rest();
      }
      expect(results.at(-1)).toBe(`${finishes.length - 1}`);
      expect(most()).toBe(1);
    }),
    { numRuns: 30 },
  );
});

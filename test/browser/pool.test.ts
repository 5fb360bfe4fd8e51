import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type pool from './pool.probe.ts';

test('workers share out a sample, to the last bit what one draws, also when one is ended in the middle', async () => {
  const { workers, same, ms } = await probe<typeof pool>('pool');
  expect(same).toEqual([true, true, true, true]);
  expect(workers).toBe(1);
  const [alone, starting, together, again, bereft] = ms;
  console.log('A sample of 3,840 takes, ms:', { alone, again, starting, together, bereft });
}, 240_000);

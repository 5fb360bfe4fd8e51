import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type pool from './pool.probe.ts';

test('workers share out a sample and training, to the last bit what one does, also when one is ended in the middle', async () => {
  const { workers, same, ms, trainedSame, stepMs } = await probe<typeof pool>('pool');
  expect(same).toEqual([true, true, true, true]);
  expect(trainedSame).toBe(true);
  expect(workers).toBe(1);
  const [alone, starting, together, again, bereft] = ms;
  console.log('A sample of 3,840 takes, ms:', { alone, again, starting, together, bereft });
  console.log('A step of training takes, ms:', { alone: stepMs[0], together: stepMs[1] });
}, 240_000);

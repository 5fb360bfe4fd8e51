import { expect, test } from 'vitest';
import { probe } from './harness.ts';
import type trouble from './troubles.probe.ts';
import { TROUBLES } from './troubles.probe.ts';

test.for(Object.keys(TROUBLES) as (keyof typeof TROUBLES)[])('the harness notices %s', async (kind) => {
  await expect(probe<typeof trouble>('troubles', kind)).rejects.toThrow('to deeply equal []');
});

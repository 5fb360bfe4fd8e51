import { expect, test } from 'vitest';
import dispatches from '../../src/kernels/gpu/dispatches.json';
import type counts from './gpu-counts.probe.ts';
import { probe } from './harness.ts';

/** Dispatches that a step, a forward pass and a decoded token may take at three blocks. */
const MOST = { step: 56, forward: 25, token: 14 };

test('WebGPU: as many dispatches as the committed file says, none waited for, and memory that does not grow', async () => {
  const seen = await probe<typeof counts>('gpu-counts');
  expect({ name: seen.name, errors: seen.errors, leaked: seen.leaked, dataLeft: seen.dataLeft }).toEqual({
    name: 'webgpu',
    errors: [],
    leaked: 0,
    dataLeft: 0,
  });
  const [first, ...others] = seen.steps;
  for (const other of others) expect(other).toEqual(first);
  expect([first, seen.pass, seen.tokens, seen.preference].map((each) => each.readsWithin)).toEqual([
    0, 0, 0, 0,
  ]);
  expect({
    step: first.dispatches,
    forward: seen.pass.dispatches,
    token: seen.tokens.dispatches,
    preference: seen.preference.dispatches,
  }).toEqual(dispatches);
  for (const [name, most] of Object.entries(MOST))
    expect(dispatches[name as keyof typeof MOST], name).toBeLessThanOrEqual(most);
  expect(seen.late).toEqual(seen.early);
  expect(seen.losses[2]).toBeLessThan(seen.losses[0]); // the steps that were counted do train
}, 240_000);

import { expect, test } from 'vitest';
import { expectClose } from '../kernels/compare.ts';
import { numericGradients } from '../kernels/oracle.ts';
import { CASES, numbers } from './gpu-ops.cases.ts';
import type ops from './gpu-ops.probe.ts';
import { probe } from './harness.ts';

test('every kernel for WebGPU is its float64 oracle, forward and backward; no error, no tensor left', async () => {
  const { name, results, errors, leaked } = await probe<typeof ops>('gpu-ops');
  expect({ name, errors, leaked }).toEqual({ name: 'webgpu', errors: [], leaked: 0 });
  CASES.forEach((each, i) => {
    const [plain, recorded, ...gradients] = results[i];
    const values = each.inputs.map((input) => input.values);
    const expected = each.oracle(...values);
    expectClose(each.name, plain, expected, each.tolerance);
    expectClose(`${each.name}, recorded`, recorded, expected, each.tolerance);
    const numeric = numericGradients(each.oracle, values, numbers(99, expected.length));
    expect(gradients.length).toBe(numeric.length);
    gradients.forEach((gradient, k) =>
      expectClose(`${each.name}, gradient ${k}`, gradient, numeric[k], each.tolerance),
    );
  });
}, 240_000);

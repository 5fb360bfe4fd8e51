import { expect, inject, onTestFinished, test } from 'vitest';
import { expectClose } from '../kernels/compare.ts';
import { numericGradients } from '../kernels/oracle.ts';
import { firefox } from './engines/firefox.ts';
import { missingEngines } from './find.mjs';
import { CASES, numbers } from './gpu-ops.cases.ts';
import type ops from './gpu-ops.probe.ts';
import { probe } from './harness.ts';
import { publish } from './static.ts';

function expectOracle({ name, results, errors, leaked }: Awaited<ReturnType<typeof ops>>): void {
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
}

test('every kernel for WebGPU is its float64 oracle, forward and backward; no error, no tensor left', async () => {
  expectOracle(await probe<typeof ops>('gpu-ops'));
}, 240_000);

/** Another compiler of WGSL (naga), another WebGPU (wgpu) and another imitation of a graphics card (lavapipe). */
const lacking = missingEngines()['WebGPU in Firefox'];

test.skipIf(lacking && !process.env.CI)(
  'and so it is in Firefox',
  async () => {
    expect(lacking).toBeUndefined();
    const host = await publish(inject('probes'));
    onTestFinished(() => host.close());
    const browser = await firefox({ webgpu: true });
    onTestFinished(() => browser.close());
    await browser.goto(host.address);
    const run = () =>
      (globalThis as unknown as { probe(name: string): ReturnType<typeof ops> }).probe('gpu-ops');
    expectOracle(await browser.evaluate(run));
  },
  240_000,
);

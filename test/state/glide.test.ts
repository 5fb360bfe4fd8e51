import { afterEach, expect, test, vi } from 'vitest';
import { Morph, stepsBetween } from '../../src/state/glide.svelte.ts';

afterEach(() => vi.unstubAllGlobals());

test('there are as many steps as can be seen: the dot that changes most says how many', () => {
  const [from, to] = [Float32Array.of(0, 1, 5), Float32Array.of(0.25, 3, 5)];
  expect(stepsBetween(from, to, 0.5, (x) => x)).toBe(4);
  expect(stepsBetween(from, to, 0.5, (x) => x * x)).toBe(16);
  expect(stepsBetween(from, to, 5, (x) => x)).toBe(0);
});

/** Every place of the first dot until it rests, each once. */
async function places(morph: Morph): Promise<number[]> {
  const seen = new Set<number>();
  do {
    seen.add(morph.now[0]);
    await new Promise((resolve) => setTimeout(resolve, 1));
  } while (morph.moving);
  return [...seen, morph.now[0]];
}

test('dots move in steps that can be seen, come to rest where they are sent, and rest when sent there again', async () => {
  vi.stubGlobal('requestAnimationFrame', setTimeout); // without it, everything is where it goes at once
  const morph = new Morph(0.5);
  morph.to(Float32Array.of(0, 0), 200);
  expect([morph.moving, [...morph.now]]).toEqual([false, [0, 0]]); // the first ones have no way to go

  morph.to(Float32Array.of(1, 2), 200);
  const seen = await places(morph);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.filter((place) => ![0, 0.25, 0.5, 0.75, 1].includes(place))).toEqual([]);
  expect([...morph.now]).toEqual([1, 2]);

  const { now } = morph;
  morph.to(Float32Array.of(1, 2));
  expect([morph.moving, morph.now === now]).toEqual([false, true]);
  morph.to(Float32Array.of(1.00002, 1.99998)); // the same, rounded by another build of the kernels
  expect([morph.moving, morph.now === now]).toEqual([false, true]);
  const nearby = Float32Array.of(1.1, 2.1);
  morph.to(nearby);
  expect([morph.moving, morph.now]).toEqual([false, nearby]);
});

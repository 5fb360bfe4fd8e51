import type { Points } from '../../math/linear.ts';

/** Some of the points, by index. */
export function selectPoints({ data, size }: Points, ids: readonly number[]): Points {
  const some = new Float32Array(ids.length * size);
  ids.forEach((id, i) => some.set(data.subarray(id * size, (id + 1) * size), i * size));
  return { data: some, count: ids.length, size };
}

/** Points of several sites side by side: (n, Σ sizes). */
export function joinSites(sites: readonly Points[]): Points {
  const { count } = sites[0];
  const size = sites.reduce((sum, points) => sum + points.size, 0);
  const data = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    let at = i * size;
    for (const points of sites) {
      data.set(points.data.subarray(i * points.size, (i + 1) * points.size), at);
      at += points.size;
    }
  }
  return { data, count, size };
}

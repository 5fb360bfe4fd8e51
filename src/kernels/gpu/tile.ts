/**
 * WGSL of a matrix product C = A B by tiles of 32 × 32: 64 threads, four by four elements each, over slices of 16 of the
 * inner axis that the workgroup shares.
 */

/** Rows and columns of a tile. */
export const TILE = 32;
const SLICE = 16;
const PITCH = TILE + 1; // so that threads that write down a column do not meet in one memory bank

/** Declared once in a program that uses tiles. */
export const TILE_CODE = /* wgsl */ `
  var<workgroup> tileA: array<f32, ${SLICE * PITCH}>;
  var<workgroup> tileB: array<f32, ${SLICE * PITCH}>;
`;

export interface Tile {
  /** of the function `fn name(tile: u32, thread: u32)`; tiles are numbered by rows of C, all columns first */
  name: string;
  /** WGSL expressions: rows, columns and inner size */
  M: string;
  N: string;
  K: string;
  /** element of A at `row`, `k` */
  a: string;
  /** element of B at `k`, `column` */
  b: string;
  /** the index along which A's and B's elements lie side by side in memory */
  along: { a: 'row' | 'k'; b: 'column' | 'k' };
  /** what to do with `value` at `row`, `column` */
  store: string;
  /** what to do with `value`, the sum of B's elements in `column` */
  storeColumnSum?: string;
}

export const tilesOf = (M: number, N: number): number => Math.ceil(M / TILE) * Math.ceil(N / TILE);

/** WGSL functions of one product; see {@link Tile}. */
export function tile({ name, M, N, K, a, b, along, store, storeColumnSum }: Tile): string {
  const split = (fast: boolean, size: number) =>
    fast
      ? `let k = i % ${SLICE}u; let other = i / ${SLICE}u;`
      : `let other = i % ${size}u; let k = i / ${size}u;`;
  const load = (shared: string, first: string, limit: string, index: string, fast: boolean) => `
    for (var i = thread; i < ${SLICE * TILE}u; i += 64u) {
      ${split(fast, TILE)}
      ${shared}[k * ${PITCH}u + other] = ${name}_${index}(${first} + other, start + k, ${limit});
    }`;
  const four = [0, 1, 2, 3];
  return /* wgsl */ `
  fn ${name}_row(row: u32, k: u32, limit: u32) -> f32 {
    if (row >= limit || k >= ${K}) { return 0.0; }
    return ${a};
  }
  fn ${name}_column(column: u32, k: u32, limit: u32) -> f32 {
    if (column >= limit || k >= ${K}) { return 0.0; }
    return ${b};
  }
  fn ${name}_store(row: u32, column: u32, value: f32) {
    if (row >= ${M} || column >= ${N}) { return; }
    ${store}
  }
  fn ${name}(tile: u32, thread: u32) {
    let across = (${N} + ${TILE - 1}u) / ${TILE}u;
    let firstRow = (tile / across) * ${TILE}u;
    let firstColumn = (tile % across) * ${TILE}u;
    let r = (thread / 8u) * 4u;
    let c = (thread % 8u) * 4u;
    ${four.map((i) => `var sum${i} = vec4<f32>(0.0);`).join(' ')}
    ${storeColumnSum ? 'var columnSum = 0.0;' : ''}
    for (var start = 0u; start < ${K}; start += ${SLICE}u) {
      ${load('tileA', 'firstRow', M, 'row', along.a === 'k')}
      ${load('tileB', 'firstColumn', N, 'column', along.b === 'k')}
      workgroupBarrier();
      for (var k = 0u; k < ${SLICE}u; k++) {
        let p = k * ${PITCH}u + r;
        let q = k * ${PITCH}u + c;
        let columns = vec4<f32>(${four.map((i) => `tileB[q + ${i}u]`).join(', ')});
        ${four.map((i) => `sum${i} += tileA[p + ${i}u] * columns;`).join('\n        ')}
      }
      ${
        storeColumnSum
          ? `if (firstRow == 0u && thread < ${TILE}u) {
        for (var k = 0u; k < ${SLICE}u; k++) { columnSum += tileB[k * ${PITCH}u + thread]; }
      }`
          : ''
      }
      workgroupBarrier();
    }
    ${four.flatMap((i) => four.map((j) => `${name}_store(firstRow + r + ${i}u, firstColumn + c + ${j}u, sum${i}[${j}]);`)).join('\n    ')}
    ${
      storeColumnSum
        ? `if (firstRow == 0u && thread < ${TILE}u && firstColumn + thread < ${N}) {
      let column = firstColumn + thread;
      let value = columnSum;
      ${storeColumnSum}
    }`
        : ''
    }
  }`;
}

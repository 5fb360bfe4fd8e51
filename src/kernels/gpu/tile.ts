/**
 * WGSL of a matrix product C = A B by tiles of 32 × 32: 64 threads, four by four elements each, over slices of 8 of the
 * inner axis that the workgroup shares. For a slice every thread fetches four elements of A and four of B.
 */

/** Rows and columns of a tile. */
export const TILE = 32;
const SLICE = 8;
const QUADS = TILE / 4;
const PITCH = QUADS + 1; // so that threads that write along the slice do not meet in one memory bank

/** Declared once in a program that uses tiles: by inner index, four rows of A or columns of B each. */
export const TILE_CODE = /* wgsl */ `
  var<workgroup> tileA: array<vec4<f32>, ${SLICE * PITCH}>;
  var<workgroup> tileB: array<vec4<f32>, ${SLICE * PITCH}>;
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
  const four = [0, 1, 2, 3];
  const fetch = (side: 'A' | 'B', element: string, first: string, contiguous: boolean) => {
    const [k, quad] = contiguous ? ['thread / 8u', 'thread % 8u'] : ['thread % 8u', 'thread / 8u'];
    const parts = four.map((i) => `${name}_${element}(${first} + 4u * (${quad}) + ${i}u, start + ${k})`);
    return `tile${side}[(${k}) * ${PITCH}u + ${quad}] = vec4<f32>(${parts.join(', ')});`;
  };
  const columnSum = `if (firstRow == 0u && thread < ${QUADS}u) {
        for (var k = 0u; k < ${SLICE}u; k++) { columnSum += tileB[k * ${PITCH}u + thread]; }
      }`;
  const storeSums = `if (firstRow == 0u && thread < ${QUADS}u) {
      for (var i = 0u; i < 4u; i++) {
        let column = firstColumn + 4u * thread + i;
        let value = columnSum[i];
        if (column < ${N}) { ${storeColumnSum} }
      }
    }`;
  return /* wgsl */ `
  fn ${name}_row(row: u32, k: u32) -> f32 {
    if (row >= ${M} || k >= ${K}) { return 0.0; }
    return ${a};
  }
  fn ${name}_column(column: u32, k: u32) -> f32 {
    if (column >= ${N} || k >= ${K}) { return 0.0; }
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
    var sums = array<vec4<f32>, 4>();
    ${storeColumnSum ? 'var columnSum = vec4<f32>(0.0);' : ''}
    for (var start = 0u; start < ${K}; start += ${SLICE}u) {
      workgroupBarrier();
      ${fetch('A', 'row', 'firstRow', along.a === 'row')}
      ${fetch('B', 'column', 'firstColumn', along.b === 'column')}
      workgroupBarrier();
      for (var k = 0u; k < ${SLICE}u; k++) {
        let rows = tileA[k * ${PITCH}u + thread / 8u];
        let columns = tileB[k * ${PITCH}u + thread % 8u];
        ${four.map((i) => `sums[${i}] += rows[${i}] * columns;`).join(' ')}
      }
      ${storeColumnSum ? columnSum : ''}
    }
    for (var i = 0u; i < 4u; i++) {
      for (var j = 0u; j < 4u; j++) {
        ${name}_store(firstRow + 4u * (thread / 8u) + i, firstColumn + 4u * (thread % 8u) + j, sums[i][j]);
      }
    }
    ${storeColumnSum ? storeSums : ''}
  }`;
}

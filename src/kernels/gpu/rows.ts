/**
 * WGSL for programs that work along rows: eight rows a workgroup, eight lanes a row. All 64 threads call the reductions;
 * those of rows beyond the last repeat it and write nothing.
 */
export const ROWS = 8;

/** `rowSum` and `rowMax` over a row's lanes, the same result in each of them; `exponential` for arguments up to 0. */
export const ROW_CODE = /* wgsl */ `
  const LANES = 8u;
  const LOWEST = -3.4e38;
  var<workgroup> lanes: array<f32, 64>;

  fn rowSum(thread: u32, value: f32) -> f32 {
    workgroupBarrier();
    lanes[thread] = value;
    workgroupBarrier();
    let first = thread & ~7u;
    var total = lanes[first];
    for (var i = 1u; i < LANES; i++) { total += lanes[first + i]; }
    return total;
  }

  fn rowMax(thread: u32, value: f32) -> f32 {
    workgroupBarrier();
    lanes[thread] = value;
    workgroupBarrier();
    let first = thread & ~7u;
    var largest = lanes[first];
    for (var i = 1u; i < LANES; i++) { largest = max(largest, lanes[first + i]); }
    return largest;
  }
`;

/** eˣ for x ≤ 0, exactly 0 where float32 ends: a device may do anything with an overflow. */
export const EXPONENTIAL = /* wgsl */ `
  fn exponential(x: f32) -> f32 {
    if (x < -86.5) { return 0.0; }
    return exp(x);
  }
`;

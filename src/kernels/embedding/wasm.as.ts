// B rows, T positions in a row, D width, V tokens in the vocabulary, P learned positions

/** y[b,t] = wte[tokens[b,t]] + wpe[offsets[b] + t]; an index outside its table adds nothing */
export function embeddingForward(
  tokens: usize,
  offsets: usize,
  wte: usize,
  wpe: usize,
  B: i32,
  T: i32,
  D: i32,
  V: i32,
  P: i32,
  y: usize,
): void {
  const bytes = (<usize>D) << 2;
  memory.fill(y, 0, <usize>B * <usize>T * bytes);
  for (let b = 0; b < B; b++) {
    const offset = load<i32>(offsets + ((<usize>b) << 2));
    for (let t = 0; t < T; t++) {
      const token = load<i32>(tokens);
      const position = offset + t;
      if (<u32>token < <u32>V) add(wte + <usize>token * bytes, D, y);
      if (<u32>position < <u32>P) add(wpe + <usize>position * bytes, D, y);
      tokens += 4;
      y += bytes;
    }
  }
}

/** dwte[tokens[b,t]] += dy[b,t], dwpe[offsets[b] + t] += dy[b,t] */
export function embeddingBackward(
  tokens: usize,
  offsets: usize,
  dy: usize,
  B: i32,
  T: i32,
  D: i32,
  V: i32,
  P: i32,
  dwte: usize,
  dwpe: usize,
): void {
  const bytes = (<usize>D) << 2;
  memory.fill(dwte, 0, <usize>V * bytes);
  memory.fill(dwpe, 0, <usize>P * bytes);
  for (let b = 0; b < B; b++) {
    const offset = load<i32>(offsets + ((<usize>b) << 2));
    for (let t = 0; t < T; t++) {
      const token = load<i32>(tokens);
      const position = offset + t;
      if (<u32>token < <u32>V) add(dy, D, dwte + <usize>token * bytes);
      if (<u32>position < <u32>P) add(dy, D, dwpe + <usize>position * bytes);
      tokens += 4;
      dy += bytes;
    }
  }
}

function add(from: usize, D: i32, to: usize): void {
  const whole = D & ~3;
  for (let j = 0; j < whole; j += 4) {
    const at = (<usize>j) << 2;
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
  for (let j = whole; j < D; j++) {
    const at = (<usize>j) << 2;
    store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
  }
}

// B rows, T positions in a row, D width, V tokens in the vocabulary, P learned positions
import { addTo } from '../shared/elements.as';

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
      if (<u32>token < <u32>V) addTo(y, wte + <usize>token * bytes, D);
      if (<u32>position < <u32>P) addTo(y, wpe + <usize>position * bytes, D);
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
      if (<u32>token < <u32>V) addTo(dwte + <usize>token * bytes, dy, D);
      if (<u32>position < <u32>P) addTo(dwpe + <usize>position * bytes, dy, D);
      tokens += 4;
      dy += bytes;
    }
  }
}

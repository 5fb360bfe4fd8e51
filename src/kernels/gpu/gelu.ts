/**
 * GELU as x·σ(w), w = 2√(2/π)(x + 0.044715x³), and its slope σ + x·w′·σ(1 − σ). Beyond ±60 σ is 0 or 1 to all digits of
 * float32.
 */
export const GELU_CODE = /* wgsl */ `
  fn sigmoid(w: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(w, -60.0, 60.0))); }
  fn inner(x: f32) -> f32 { return 1.5957691216 * x * (1.0 + 0.044715 * x * x); }
  fn gelu(x: f32) -> f32 { return x * sigmoid(inner(x)); }
  fn geluSlope(x: f32) -> f32 {
    let s = sigmoid(inner(x));
    return s + x * 1.5957691216 * (1.0 + 0.134145 * x * x) * s * (1.0 - s);
  }
`;

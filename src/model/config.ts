/** The knobs of the model's shape: one table gives default, limits, flag and help text. */
export const MODEL_KNOBS = {
  width: { default: 64, min: 8, max: 128, step: 8, unit: 'channels', says: 'size of the residual stream' },
  layers: { default: 3, min: 1, max: 6, step: 1, unit: 'blocks', says: 'number of transformer blocks' },
} as const;

/** Channels of one attention head: 8 heads at width 64, and as many as fit at other widths. */
export const HEAD_SIZE = 8;
/** Longest text the model can read, tokens. */
export const POSITIONS = 64;

export interface ModelConfig {
  /** Number of tokens in the vocabulary. */
  vocabulary: number;
  /** Number of learned positions. */
  positions: number;
  /** Channels of the residual stream. */
  width: number;
  /** Number of blocks. */
  layers: number;
  /** Attention heads; divides the width. */
  heads: number;
}

/** A configuration from its two knobs. Throws RangeError outside the table's limits. */
export function configOf(
  vocabulary: number,
  width: number,
  layers: number = MODEL_KNOBS.layers.default,
): ModelConfig {
  for (const [name, value] of Object.entries({ width, layers })) {
    const knob = MODEL_KNOBS[name as keyof typeof MODEL_KNOBS];
    if (!(Number.isInteger(value) && value >= knob.min && value <= knob.max && value % knob.step === 0))
      throw new RangeError(
        `${name} must be ${knob.min} to ${knob.max} in steps of ${knob.step}, not ${value}`,
      );
  }
  return { vocabulary, positions: POSITIONS, width, layers, heads: width / HEAD_SIZE };
}

/** Numbers that a judge reads at the gist: its residual entering every block after the first. */
export function gistSize(config: ModelConfig): number {
  return (config.layers - 1) * config.width;
}

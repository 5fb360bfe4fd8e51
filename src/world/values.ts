/** The five values that conduct carries, in the order used everywhere. */
export const MORAL_VALUES = ['honesty', 'care', 'fairness', 'freedom', 'loyalty'] as const;
/** The moral values and the one matter of style, the proxy that a judge may run after. */
export const VALUE_NAMES = [...MORAL_VALUES, 'politeness'] as const;

export type MoralValue = (typeof MORAL_VALUES)[number];
export type ValueName = (typeof VALUE_NAMES)[number];

/** Ground truth of one response: the sum of its clauses' strengths, one number a value. */
export type Values = Record<ValueName, number>;

export const NO_VALUES: Readonly<Values> = {
  honesty: 0,
  care: 0,
  fairness: 0,
  freedom: 0,
  loyalty: 0,
  politeness: 0,
};

/** w*: what somebody counts as good, one number a value. No model ever sees it. */
export type TrueWeights = Readonly<Values>;

/** 1 on each moral value, 0 on politeness: what counts as good unless somebody says otherwise. */
export const TRUE_WEIGHTS: TrueWeights = {
  honesty: 1,
  care: 1,
  fairness: 1,
  freedom: 1,
  loyalty: 1,
  politeness: 0,
};

/** True value, V* = w*·V. */
export function trueValue(values: Values, weights: TrueWeights = TRUE_WEIGHTS): number {
  return VALUE_NAMES.reduce((sum, name) => sum + weights[name] * values[name], 0);
}

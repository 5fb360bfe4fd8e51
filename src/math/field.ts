/** One axis of a field: its name, and what each place along it is: a number (a step, a rank) or a label. */
export interface Axis {
  readonly name: string;
  /** Unit of the places when they are numbers, "" otherwise. */
  readonly unit: string;
  readonly ticks: readonly (number | string)[];
}

/** Numbers with the names of their axes: what a result keeps and a figure draws. */
export interface Field {
  readonly name: string;
  /** Unit of the numbers, "" for what has none, such as a correlation. */
  readonly unit: string;
  readonly axes: readonly Axis[];
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The numbers, last axis fastest. */
  readonly data: readonly number[];
}

export const axis = (name: string, ticks: Axis['ticks'], unit = ''): Axis => ({ name, unit, ticks });

/** A field from nested loops over its axes. Throws RangeError when a number is missing or not finite. */
export function fieldOf(
  name: string,
  unit: string,
  axes: readonly Axis[],
  at: (...indices: number[]) => number,
): Field {
  const shape = axes.map(({ ticks }) => ticks.length);
  const data: number[] = [];
  const walk = (indices: number[]): void => {
    if (indices.length === shape.length) {
      const x = at(...indices);
      if (!Number.isFinite(x)) throw new RangeError(`field "${name}" at [${indices}] is ${x}`);
      data.push(x);
    } else for (let i = 0; i < shape[indices.length]; i++) walk([...indices, i]);
  };
  walk([]);
  return { name, unit, axes, shape, data };
}

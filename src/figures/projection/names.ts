/** Words at the tips of arrows. */
interface Point {
  x: number;
  y: number;
}

/** An arrow that has a name; `plain` ones are no principle's. */
export interface Named {
  name: string;
  from: Point;
  tip: Point;
  plain: boolean;
}

export interface Name extends Point {
  name: string;
  plain: boolean;
  anchor: 'start' | 'middle' | 'end';
}

/** css px of a letter on average, in bold type and in plain, and of a line. */
const [BOLD, PLAIN, LINE] = [7.6, 7, 16];

/** Where a word begins and ends. */
function extent({ name, plain, x, anchor }: Name): [number, number] {
  const width = name.length * (plain ? PLAIN : BOLD);
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return [left, left + width];
}

/** On the side that the arrow points to; one that has no room there stands over its tip. */
function beside({ name, from, tip, plain }: Named, width: number): Name {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  if (Math.abs(across) < 0.4)
    return { name, plain, x: tip.x, y: tip.y + (down < 0 ? -9 : 19), anchor: 'middle' };
  const word: Name = {
    name,
    plain,
    x: tip.x + 8 * Math.sign(across),
    y: tip.y + 5 + 9 * down,
    anchor: across < 0 ? 'end' : 'start',
  };
  const [left, right] = extent(word);
  if (left >= 0 && right <= width) return word;
  return { ...word, x: across < 0 ? 0 : width, y: tip.y - 10, anchor: across < 0 ? 'start' : 'end' };
}

/** Words for all arrows in a figure of this width; one that would lie on an earlier one steps down. */
export function namesOf(arrows: readonly Named[], width: number): Name[] {
  const placed: Name[] = [];
  for (const arrow of arrows) {
    const word = beside(arrow, width);
    const [left, right] = extent(word);
    const liesOn = (other: Name) => {
      const [from, to] = extent(other);
      return left < to && from < right && Math.abs(other.y - word.y) < LINE;
    };
    while (placed.some(liesOn)) word.y += LINE;
    placed.push(word);
  }
  return placed;
}

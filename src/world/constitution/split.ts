/** Cuts a text into principles, and remembers how each was joined to the one before. */

/**
 * stop: a new line, semicolon, full stop, bullet, "but"; nothing reaches over it. comma: a list, over which "never" may reach.
 * and, or: so too, and an "or" after "never" always carries it on.
 */
export type Joint = 'stop' | 'comma' | 'and' | 'or';

export interface Part {
  text: string;
  /** How it is joined to the part before; the first is joined by 'stop'. */
  joint: Joint;
}

const STOPS =
  /[\n;.!?|•·‣▪◦●○■□◆◇★☆✓✔✅➤→。；！？．…]+|(?<!(?:nothing|anything|all|one|nobody|none) )(?<![\p{L}'-])(?:but|yet)(?![\p{L}'-])/u;
const JOINTS: readonly (readonly [Joint, RegExp])[] = [
  ['and', /[&+]|(?<![\p{L}'-])(?:and|as well as|plus|then|also)(?![\p{L}'-])/u],
  ['or', /\/|(?<![\p{L}'-])(?:or|nor)(?![\p{L}'-])/u],
  ['comma', /[,،、，()[\]{}:："*_]|\s-+\s|--+/],
];
const SPLIT = new RegExp(
  `(${STOPS.source})|${JOINTS.map(([, { source }]) => `(${source})`).join('|')}`,
  'gu',
);
/** "1.", "2)", "a)", "(3)" and "-" before a principle of a list. */
const NUMBERS =
  /(^|[\n\s;])[([]?(?:\d{1,3}|[a-z])(?:[.)\]]|\.\))(?=\s|$)|(^|\n)\s*(?:-+|\d{1,3})(?=\s)|(?:rule|principle|article|law)\s*\d+\s*[:.)-]/g;

/** The parts of a normalised text, none of them empty. */
export function split(text: string): Part[] {
  const parts: Part[] = [];
  const strength: Joint[] = ['comma', 'and', 'or', 'stop'];
  let joint: Joint = 'stop';
  let from = 0;
  const list = text.replace(NUMBERS, '$1;');
  const take = (to: number) => {
    const part = list.slice(from, to).replace(/\s+/g, ' ').trim();
    if (part === '') return;
    parts.push({ text: part, joint: parts.length === 0 ? 'stop' : joint });
    joint = 'comma';
  };
  for (const match of list.matchAll(SPLIT)) {
    take(match.index);
    const kinds: Joint[] = ['stop', 'and', 'or', 'comma'];
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)];
    if (from === 0 || strength.indexOf(kind) > strength.indexOf(joint)) joint = kind;
    from = match.index + match[0].length;
  }
  take(list.length);
  // "a, b or c": its commas are what its last joint is
  for (let i = parts.length - 1; i > 0; i--)
    if (parts[i - 1].joint === 'comma' && /and|or/.test(parts[i].joint)) parts[i - 1].joint = parts[i].joint;
  return parts;
}

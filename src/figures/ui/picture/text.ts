/** The words of a figure as they stand on the page: one piece a line, with its font and the place of its baseline. */

export interface Line {
  text: string;
  /** css px in the viewport; y is the baseline. */
  x: number;
  y: number;
  style: CSSStyleDeclaration;
  /** What the words cover. */
  box: DOMRect;
}

/** @param shown whether an element belongs into the picture */
export function linesIn(root: Element, shown: (element: Element) => boolean): Line[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const lines: Line[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    if (parent instanceof SVGElement || !/\S/.test(node.textContent ?? '') || !shown(parent)) continue;
    const style = getComputedStyle(parent);
    const ascent = measured('x', style).fontBoundingBoxAscent;
    for (const { text, box } of brokenLines(node as Text))
      lines.push({ text, x: box.left, y: box.top + ascent, style, box });
  }
  return lines;
}

/** A text where the browser broke it into lines. */
function brokenLines(node: Text): { text: string; box: DOMRect }[] {
  const lines: { text: string; box: DOMRect }[] = [];
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/[^ \n\t]+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getClientRects()[0];
    if (!box || box.width === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) {
      last.text += ` ${word}`;
      last.box.width = box.right - last.box.left;
    } else lines.push({ text: word, box });
  }
  return lines;
}

/** A text broken into lines of at most `width` css px; a word that is longer has a line of its own. */
export function wrapped(text: string, style: CSSStyleDeclaration, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && measured(longer, style).width > width) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}

function measured(text: string, style: CSSStyleDeclaration): TextMetrics {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return context.measureText(text);
}

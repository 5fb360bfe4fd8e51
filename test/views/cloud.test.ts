import { describe, expect, test } from 'vitest';
import { labelsFor } from '../../src/views/cloud/labels.ts';
import {
  densityOf,
  domainsOf,
  dotAt,
  dotsOf,
  frameOf,
  neighbour,
  radiusOf,
  scalesOf,
  stripOf,
} from '../../src/views/cloud/layout.ts';
import { cloudRows, firstToRead, rivalOf, rowsFor } from '../../src/views/cloud/reading.ts';
import { fakeCloud, fakeScores } from '../fake/world.ts';

const { responses } = fakeCloud(7, 6, 11);
const scores = fakeScores({ principles: [{ phrase: 'honesty', weight: 1 }] }, { ...fakeCloud(7, 6, 11) });
const size = { width: 736, height: 376, small: false };
const frame = frameOf(size);
const scales = scalesOf(domainsOf(responses, scores), frame, false);
const still = new Float32Array(responses.length);
const dots = dotsOf(responses, scores, still, scales, false);

describe('the cloud', () => {
  test('keeps every dot inside its frame, in the order of the responses', () => {
    expect(dots).toHaveLength(responses.length);
    for (const dot of dots) {
      expect(dot.x).toBeGreaterThanOrEqual(frame.left);
      expect(dot.x).toBeLessThanOrEqual(frame.right);
      expect(dot.y).toBeGreaterThanOrEqual(frame.top);
      expect(dot.y).toBeLessThanOrEqual(frame.bottom);
    }
  });

  test('puts what is judged better higher, and what is said more readily further right', () => {
    const [best, worst] = [scores.indexOf(Math.max(...scores)), scores.indexOf(Math.min(...scores))];
    expect(dots[best].y).toBeLessThan(dots[worst].y);
    const logs = responses.map((one) => one.logProb);
    expect(dots[logs.indexOf(Math.max(...logs))].x).toBeGreaterThan(dots[logs.indexOf(Math.min(...logs))].x);
  });

  test('has 0 in its middle, so that no score is shown better than it is', () => {
    expect(scales.y(0)).toBeCloseTo((frame.top + 6 + frame.bottom - 8) / 2);
  });

  test('makes area proportional to how often, within bounds', () => {
    expect(radiusOf(4, 100, false)).toBeCloseTo(2 * radiusOf(1, 100, false));
    expect(radiusOf(1e9, 100, false)).toBe(17);
    expect(radiusOf(0, 100, false)).toBe(1.7);
  });

  test('says by shape what it says by colour', () => {
    responses.forEach((one, i) => {
      const shape = !one.wellFormed
        ? 'cross'
        : one.trueValue < 0
          ? 'open'
          : one.trueValue > 0
            ? 'full'
            : 'half';
      expect(dots[i].shape).toBe(shape);
    });
  });

  test('draws an axis as the mean true value along it, and nothing where nothing is', () => {
    const strip = stripOf([0, 0.1, 9.9, 10], [-2, -2, 3, 3], [0, 10], 10);
    expect(strip[0].value).toBeCloseTo(-2);
    expect(strip[9].value).toBeCloseTo(3);
    expect(strip[5].value).toBeNull();
    expect(strip[0].from).toBe(0);
    expect(strip[9].to).toBe(10);
  });

  test('draws probability, whatever the weights add up to', () => {
    const area = (points: [number, number][]) => points.reduce((sum, [, d]) => sum + d, 0);
    const even = densityOf(Float32Array.of(-0.4, 0.1, 0.5), [1, 1, 1], [-3, 3]);
    const heavy = densityOf(Float32Array.of(-0.4, 0.1, 0.5), [20, 1, 1], [-3, 3]);
    expect(area(even)).toBeCloseTo(area(heavy), 4);
  });

  test('finds the dot under the pointer, and none far from all', () => {
    expect(dotAt(dots, dots[3].x, dots[3].y, 18)).not.toBeNull();
    expect(dotAt(dots, -500, -500, 18)).toBeNull();
  });

  test('walks from dot to dot in the direction of the key', () => {
    for (const from of [0, 7, 20]) {
      const right = neighbour(dots, from, 1, 0);
      if (right !== from) expect(dots[right].x).toBeGreaterThan(dots[from].x);
      const up = neighbour(dots, from, 0, -1);
      if (up !== from) expect(dots[up].y).toBeLessThan(dots[from].y);
    }
  });
});

describe('words on dots', () => {
  const wide = (text: string) => text.length * 6.9;
  const labels = labelsFor(dots, (id) => `does ${id}`, frame, [], [4]);

  test('are about six, the wished ones first', () => {
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(labels.length).toBeLessThanOrEqual(6);
    expect(labels[0].id).toBe(4);
  });

  test('never lie on one another', () => {
    const boxes = labels.map(({ x, y, end, text }) => ({
      left: end ? x - wide(text) : x,
      right: end ? x : x + wide(text),
      top: y - 12,
      bottom: y + 4,
    }));
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }),
    );
  });

  test('leave free what must stay free', () => {
    const everything = { left: -1e4, right: 1e4, top: -1e4, bottom: 1e4 };
    expect(labelsFor(dots, () => 'walks on', frame, [everything])).toEqual([]);
  });
});

describe('what is read', () => {
  test('is weighed against the most differently judged answer to the same situation', () => {
    const rival = rivalOf(0, responses, scores)!;
    expect(responses[rival].situation).toBe(responses[0].situation);
    expect(responses[rival].response).not.toBe(responses[0].response);
    expect(rivalOf(0, responses.slice(0, 1), scores)).toBeNull();
  });

  test('is a good sentence before anyone chose', () => {
    const first = firstToRead(responses, scores)!;
    expect(responses[first].trueValue).toBeGreaterThan(0);
    expect(firstToRead([], new Float32Array())).toBeNull();
  });

  test('is in the table without repeats, best judged first', () => {
    const rows = rowsFor(scores, still);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toHaveLength(20);
    expect([...rows].sort((a, b) => scores[b] - scores[a])).toEqual(rows);
  });

  test('goes into a file whole', () => {
    expect(cloudRows(responses, scores, still)).toHaveLength(responses.length + 1);
  });
});

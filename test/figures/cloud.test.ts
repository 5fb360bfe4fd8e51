import { describe, expect, test } from 'vitest';
import { boxOf, clearOf, hairsOf, labelsFor } from '../../src/figures/cloud/labels.ts';
import {
  dotAt,
  dotsOf,
  frameOf,
  judgedDomain,
  neighbour,
  radiusOf,
  saidDomain,
  scalesOf,
  stripOf,
  WORDS_ROW,
} from '../../src/figures/cloud/layout.ts';
import { createRandom } from '../../src/math/random.ts';
import { besideCurve, densityOf, type Density } from '../../src/figures/cloud/margin.ts';
import { cloudRows, rowsFor, tableRows } from '../../src/figures/cloud/reading.ts';
import { signed } from '../../src/figures/ui/numbers.ts';
import { someCloud, fakeScores } from '../fake/world.ts';

const { responses } = someCloud(7, 6, 11);
const scores = fakeScores({ principles: [{ phrase: 'honesty', weight: 1 }] }, { ...someCloud(7, 6, 11) });
const size = { width: 736, height: 376, small: false };
const frame = frameOf(size);
const scales = scalesOf(saidDomain(responses), judgedDomain(scores), frame, false);
const still = new Float32Array(responses.length);
const dots = dotsOf(responses, scores, still, scales, false);

describe('the cloud', () => {
  test('keeps every dot inside its frame and off the rows of words, in the order of the responses', () => {
    expect(dots).toHaveLength(responses.length);
    for (const dot of dots) {
      expect(dot.x).toBeGreaterThanOrEqual(frame.left);
      expect(dot.x).toBeLessThanOrEqual(frame.right);
      expect(dot.y).toBeGreaterThanOrEqual(frame.top + WORDS_ROW);
      expect(dot.y).toBeLessThanOrEqual(frame.bottom - WORDS_ROW);
    }
  });

  test('puts what is judged better higher, and what is said more readily further right', () => {
    const [best, worst] = [scores.indexOf(Math.max(...scores)), scores.indexOf(Math.min(...scores))];
    expect(dots[best].y).toBeLessThan(dots[worst].y);
    const logs = responses.map((one) => one.logProb);
    expect(dots[logs.indexOf(Math.max(...logs))].x).toBeGreaterThan(dots[logs.indexOf(Math.min(...logs))].x);
  });

  test('has 0 in its middle, so that no score is shown better than it is', () => {
    expect(scales.y(0)).toBeCloseTo((scales.y(scales.yDomain[0]) + scales.y(scales.yDomain[1])) / 2);
    expect(scales.yDomain[0]).toBe(-scales.yDomain[1]);
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
    const area = (curve: Density[]) => curve.reduce((sum, { density }) => sum + density, 0);
    const scores = Float32Array.of(-0.4, 0.1, 0.5);
    const [even, heavy] = [
      [1, 1, 1],
      [20, 1, 1],
    ].map((weights) => densityOf(scores, weights, [-3, 3]));
    expect(area(even)).toBeCloseTo(area(heavy), 4);
    const peak = (curve: Density[]) => curve.reduce((a, b) => (b.density > a.density ? b : a)).score;
    expect(peak(heavy)).toBeCloseTo(-0.4, 1);
    expect(peak(even)).toBeGreaterThan(peak(heavy));
  });

  test('draws the density that a sum of Gaussians has, as near as an eye can tell', () => {
    const random = createRandom('density');
    const scores = Array.from({ length: 600 }, () => random.normal());
    const weights = scores.map(() => random.uniform() * 3);
    const [low, high] = [-4, 5];
    const deviation = (high - low) / 20;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const exact = (at: number) =>
      scores.reduce(
        (sum, score, i) => sum + weights[i] * Math.exp(-(((score - at) / deviation) ** 2) / 2),
        0,
      ) / total;
    const curve = densityOf(scores, weights, [low, high]);
    const most = Math.max(...curve.map(({ density }) => density));
    for (const { score, density } of curve)
      expect(Math.abs(density - exact(score))).toBeLessThan(0.02 * most);
  });

  test('names a curve where it lies outside of the other one, and nowhere else', () => {
    const high = Array.from({ length: 60 }, (_, k) => ({
      x: 100 + 60 * Math.exp(-(((k - 15) / 9) ** 2)),
      y: 5 * k,
    }));
    const low = high.map(({ x }, k) => ({ x, y: high[59 - k].y }));
    const [a, b] = [besideCurve(high, low, 30, 200, [0, 300])!, besideCurve(low, high, 30, 200, [0, 300])!];
    expect(a.y).toBeCloseTo(75, -1.5);
    expect(b.y).toBeCloseTo(220, -1.5);
    for (const { x, y } of high) if (Math.abs(y - a.y) <= 9) expect(x).toBeLessThan(a.x);
    const tight = besideCurve(high, low, 30, 180, [0, 300])!;
    expect(tight.x + 30).toBeLessThanOrEqual(180);
    const inside = high.map(({ y }) => ({ x: 100, y }));
    expect(
      besideCurve(
        inside,
        high.map(({ y }) => ({ x: 120, y })),
        30,
        200,
        [0, 300],
      ),
    ).toBeNull();
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
  const labels = labelsFor(dots, (id) => `does ${id}`, frame, [], [4]);

  test('are about six, the wished ones first', () => {
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(labels.length).toBeLessThanOrEqual(7);
    expect(labels[0].id).toBe(4);
    expect(labelsFor(dots, (id) => `does ${id}`, frame, [], [4], 0).map(({ id }) => id)).toEqual([4]);
    // one that cannot be placed is not made up for by another
    expect(labelsFor(dots, (id) => (id === 4 ? '' : `does ${id}`), frame, [], [4], 0)).toEqual([]);
  });

  test('never lie on one another, nor on what was there', () => {
    const taken = { left: 300, right: 700, top: 0, bottom: 200 };
    const boxes = [taken, ...labelsFor(dots, (id) => `does ${id}`, frame, [taken]).map(boxOf)];
    expect(boxes.length).toBeGreaterThan(3);
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
      }),
    );
  });

  test('cover at most two dots', () => {
    for (const label of labelsFor(dots, (id) => `does ${id}`, frame)) {
      const { left, right, top, bottom } = boxOf(label);
      const covered = dots.filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
      expect(covered.length).toBeLessThanOrEqual(2);
    }
  });

  test('give way to a dot that is looked at, unless they are its own', () => {
    for (let id = 0; id < dots.length; id++) {
      const { x, y, r } = dots[id];
      const near = (label: (typeof labels)[number]) => {
        const { left, right, top, bottom } = boxOf(label);
        return x + r > left && x - r < right && y + r > top && y - r < bottom;
      };
      const left = clearOf(labels, dots, [id]);
      expect(left.filter((label) => near(label) && label.id !== id)).toEqual([]);
      expect(left.some((label) => label.id === id)).toBe(labels.some((label) => label.id === id));
    }
    expect(clearOf(labels, dots, [])).toEqual(labels);
    // no hairline goes through words
    for (const dot of dots) {
      for (const label of clearOf(labels, dots, [], hairsOf(dot, frame))) {
        const { left, right, top, bottom } = boxOf(label);
        expect(dot.y > top && dot.y < bottom && left < dot.x, 'across').toBe(false);
        expect(dot.x > left && dot.x < right && bottom > dot.y && top < frame.bottom, 'down').toBe(false);
      }
    }
    expect(clearOf(labels, dots, [dots.length])).toEqual(labels);
    // a dot that has grown large keeps its face, whoever looks
    const [label] = labels;
    const { left, top } = boxOf(label);
    const grown = [...dots, { ...dots[label.id], x: left, y: top, r: 12 }];
    expect(clearOf(labels, grown, [])).not.toContain(label);
  });

  test('leave free what must stay free', () => {
    const everything = { left: -1e4, right: 1e4, top: -1e4, bottom: 1e4 };
    expect(labelsFor(dots, () => 'walks on', frame, [everything])).toEqual([]);
  });
});

describe('what is read', () => {
  test('is in the table without repeats, best judged first', () => {
    const rows = rowsFor(scores, still);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows).toHaveLength(20);
    expect([...rows].sort((a, b) => scores[b] - scores[a])).toEqual(rows);
  });

  test('is told in the table as people write it, and without a verdict where there was none', () => {
    const [id] = rowsFor(scores, still);
    const change = still.map(() => Math.log(2));
    const [judged] = tableRows([id], responses, scores, change, new Set());
    expect(judged[0]).toMatch(/^[A-Z].*\.$/);
    expect(judged[2]).toBe(signed(scores[id]));
    expect(judged[4]).toBe('2.0');
    expect(tableRows([id], responses, null, still, new Set())[0][2]).toBe('');
  });

  test('goes into a file whole', () => {
    expect(cloudRows(responses, scores, still)).toHaveLength(responses.length + 1);
  });
});

import { describe, expect, test } from 'vitest';
import { changed, deedsIn, firstScenes, pieces, scenesOf } from '../../src/figures/samples/layout.ts';
import { namesIn } from '../../src/figures/ui/text.ts';
import { someCloud } from '../fake/world.ts';

const { responses } = someCloud(7, 30, 20);
const names = namesIn(responses);

describe('deeds', () => {
  test('are marked by the deeds of the cloud, and lose no word', () => {
    const deeds = deedsIn(responses, names);
    for (const { response } of responses) {
      expect(
        pieces(response, deeds)
          .map((piece) => piece.text)
          .join(' '),
      ).toBe(response);
    }
  });

  test('with "never" before a known deed are the other way round', () => {
    const deeds = {
      strengths: new Map([
        ['lies', -2],
        ['lets * choose', 1],
      ]),
      longest: 3,
      names: new Set(['ben', 'eva']),
    };
    expect(pieces('omar never lies to ben .', deeds)[1]).toEqual({ text: 'never lies', deed: 1 });
    expect(pieces('omar lets eva choose .', deeds)[1]).toEqual({ text: 'lets eva choose', deed: 1 });
  });

  test('are marked only where before and now differ', () => {
    const deeds = {
      strengths: new Map([
        ['hides', -1],
        ['returns', 1],
        ['comforts', 1],
      ]),
      longest: 1,
      names: new Set<string>(),
    };
    const { before, now } = changed(
      'omar hides it and comforts ben .',
      'omar returns it and comforts ben .',
      deeds,
    );
    expect(before.filter((piece) => piece.deed !== null).map((piece) => piece.text)).toEqual(['hides']);
    expect(now.filter((piece) => piece.deed !== null).map((piece) => piece.text)).toEqual(['returns']);
  });
});

describe('scenes', () => {
  const deeds = deedsIn(responses, names);
  const words = (parts: { text: string }[]) => parts.map(({ text }) => text).join(' ');

  test('of training say when nothing changed, and are no more than three', () => {
    const samples = responses.slice(0, 5).map(({ prompt, response }, i) => ({
      prompt,
      before: response,
      now: i === 0 ? response : responses[i + 1].response,
    }));
    const scenes = scenesOf(samples, deeds);
    expect(scenes.map(({ same }) => same)).toEqual([true, false, false]);
    expect(scenes[0].now).toEqual([]);
    expect(words(scenes[1].before)).toBe(samples[1].before);
    expect(words(scenes[1].now)).toBe(samples[1].now);
  });

  test('before training are what is said in the first two situations, in sentences', () => {
    const broken = responses.map((one, i) => (i === 0 ? { ...one, wellFormed: false } : one));
    const [first, second] = firstScenes(broken, deeds);
    expect(words(first.before)).toBe(responses[1].response);
    expect(second.prompt).toBe(responses.find(({ situation }) => situation === 1)!.prompt);
    expect(firstScenes([], deeds)).toEqual([]);
  });
});

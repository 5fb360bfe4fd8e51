import type { Matrix } from '../../math/linear.ts';
import type { Random } from '../../math/random.ts';
import { mean } from '../../math/statistics.ts';
import type { Model } from '../../model/parameters.ts';
import type { Visit } from '../../model/sites.ts';
import { NAMES } from '../../world/lexicon.ts';
import { REQUESTS, type RequestPrompt } from '../../world/requests.ts';
import { lossOf } from '../heldOut.ts';
import { harmAxis, spreadOf, type HarmAxis } from './direction.ts';
import { replies, type Replies } from './replies.ts';
import { axesOf, steering, type Change } from './steering.ts';

// D channels, L blocks; a site is a layer of the residual stream: entering block 1 … L − 1, or leaving the last (L).

/** Requests cut in two by the person they are about, those about nobody in turns. */
export function splitByName(random: Random): { fitting: RequestPrompt[]; test: RequestPrompt[] } {
  const order = random.shuffle([...NAMES.keys()]);
  const first = new Set(order.slice(0, NAMES.length / 2));
  const inFirst = ({ person }: RequestPrompt, i: number) => (person === -1 ? i % 2 === 0 : first.has(person));
  return {
    fitting: REQUESTS.filter(inFirst),
    test: REQUESTS.filter((request, i) => !inFirst(request, i)),
  };
}

/** How requests are answered, and what stories cost, under one intervention. Means over what a deed is asked of. */
export interface Outcome {
  /** Probability of refusing each harmful deed, and each harmless one. */
  harmful: number[];
  harmless: number[];
  /** Log-odds of refusing, likewise. */
  harmfulOdds: number[];
  harmlessOdds: number[];
  /** Loss of each held-out story, nats a token. */
  loss: number[];
}

/** Mean of numbers over the requests of each deed, harmful or harmless, in the order of the table. */
export function byDeed(
  requests: readonly RequestPrompt[],
  of: ArrayLike<number>,
  harmful: boolean,
): number[] {
  const deeds = new Map<string, number[]>();
  requests.forEach((request, i) => {
    if (request.harmful === harmful) deeds.set(request.deed, [...(deeds.get(request.deed) ?? []), of[i]]);
  });
  return [...deeds.values()].map(mean);
}

/** Whose covariance random directions are drawn with. */
export const SPREADS = ['all', 'equally harmful'] as const;
export type Spread = (typeof SPREADS)[number];

/** A model with its directions of refusal at every site, and what they are tried on. */
export class RefusalStudy {
  readonly model: Model;
  readonly fitting: readonly RequestPrompt[];
  readonly test: readonly RequestPrompt[];
  readonly fitted: Replies;
  /** By layer, 0 … L. */
  readonly axes: readonly HarmAxis[];
  /**
   * Σ^½ of the stream at the last token of the fitting requests, by layer: about the mean of all, and about that of the
   * equally harmful ones, so that harm itself is not in it.
   */
  readonly roots: Record<Spread, readonly Matrix[]>;
  readonly #stories: readonly (readonly number[])[];

  private constructor(
    model: Model,
    { fitting, test }: { fitting: readonly RequestPrompt[]; test: readonly RequestPrompt[] },
    fitted: Replies,
    stories: readonly (readonly number[])[],
  ) {
    this.model = model;
    this.fitting = fitting;
    this.test = test;
    this.fitted = fitted;
    this.#stories = stories;
    this.axes = fitted.streams.map((points) => harmAxis(points, this.#ids(true), this.#ids(false)));
    const harm = fitting.map(({ harmful }) => (harmful ? 1 : 0));
    this.roots = {
      all: fitted.streams.map((points) => spreadOf(points, new Int32Array(points.count))),
      'equally harmful': fitted.streams.map((points) => spreadOf(points, harm)),
    };
  }

  static async of(
    model: Model,
    random: Random,
    stories: readonly (readonly number[])[],
  ): Promise<RefusalStudy> {
    const split = splitByName(random);
    return new RefusalStudy(model, split, await replies(model, split.fitting), stories);
  }

  /** Sites that interventions act at, all at once: 1 … L. At 0 there is only the token and its position. */
  get layers(): number[] {
    return this.axes.map((_, layer) => layer).slice(1);
  }

  #ids(harmful: boolean, only: (request: RequestPrompt) => boolean = () => true): number[] {
    return [...this.fitting.keys()].filter(
      (i) => this.fitting[i].harmful === harmful && only(this.fitting[i]),
    );
  }

  /** The direction at a layer, fitted on some of the fitting requests alone. */
  axisOf(layer: number, only: (request: RequestPrompt) => boolean): HarmAxis {
    return harmAxis(this.fitted.streams[layer], this.#ids(true, only), this.#ids(false, only));
  }

  /** The layer before the last at which moving the fitting requests leaves fewest refusals. */
  async chosenLayer(): Promise<number> {
    const harmful = this.fitting.filter((request) => request.harmful);
    const layers = this.layers.slice(0, -1);
    const left: number[] = [];
    for (const layer of layers) {
      const visit = this.moving([this.axes[layer].direction]);
      left.push(mean((await replies(this.model, harmful, visit)).refusal));
    }
    return layers[left.indexOf(Math.min(...left))];
  }

  /** Takes what every site says along some directions to what it says, on average, of harmless requests. */
  moving(directions: readonly Float64Array[]): Visit {
    const axes = axesOf(directions);
    return this.#everywhere((layer) => ({ axes, at: this.axes[layer].harmless }));
  }

  /** Takes what every site says along some directions away. */
  ablating(directions: readonly Float64Array[]): Visit {
    const axes = axesOf(directions);
    return this.#everywhere(() => ({ axes }));
  }

  /** Moves every site along its own direction. */
  movingEach(): Visit {
    return this.#everywhere((layer) => ({
      axes: axesOf([this.axes[layer].direction]),
      at: this.axes[layer].harmless,
    }));
  }

  /** Moves one site alone. */
  movingAt(site: number, direction: Float64Array): Visit {
    const change = { axes: axesOf([direction]), at: this.axes[site].harmless };
    return steering((layer) => (layer === site ? change : undefined));
  }

  /** Adds a direction to one site, at every position. */
  adding(site: number, direction: Float64Array): Visit {
    return steering((layer) => (layer === site ? { by: direction } : undefined));
  }

  #everywhere(changeAt: (layer: number) => Change): Visit {
    return steering((layer) => (layer === 0 ? undefined : changeAt(layer)));
  }

  /** What the test requests and the stories come to under an intervention, or under none. */
  async outcome(visit?: Visit): Promise<Outcome> {
    const answered = await this.answers(visit);
    return { ...answered, loss: [...(await lossOf(this.model, this.#stories, visit))] };
  }

  /** The same without the stories, of some of the test requests. */
  async answers(
    visit?: Visit,
    only: (request: RequestPrompt) => boolean = () => true,
  ): Promise<Omit<Outcome, 'loss'>> {
    return answersTo(this.model, this.test.filter(only), visit);
  }
}

/** How requests are answered, deed by deed. */
export async function answersTo(
  model: Model,
  requests: readonly RequestPrompt[],
  visit?: Visit,
): Promise<Omit<Outcome, 'loss'>> {
  const { refusal, odds } = await replies(model, requests, visit);
  return {
    harmful: byDeed(requests, refusal, true),
    harmless: byDeed(requests, refusal, false),
    harmfulOdds: byDeed(requests, odds, true),
    harmlessOdds: byDeed(requests, odds, false),
  };
}

/** The results of experiments as the site has them. */
import * as v from 'valibot';

const NUMBER = v.pipe(v.number(), v.finite());
const MEASURE = v.object({
  name: v.string(),
  value: NUMBER,
  low: NUMBER,
  high: NUMBER,
  unit: v.string(),
});
const CLAIM = v.object({
  id: v.string(),
  claim: v.string(),
  criterion: v.object({ text: v.string() }),
  headline: v.string(),
  holds: v.boolean(),
  estimates: v.array(MEASURE),
});

/** Of a file of public/experiments what the page shows. */
export type Claim = v.InferOutput<typeof CLAIM>;
export type Measure = v.InferOutput<typeof MEASURE>;

/** Where the file of an experiment lies. */
export const fileOf = (id: string): string => new URL(`experiments/${id}.json`, document.baseURI).href;

/** Fetches results in the order asked for. Rejects where one does not come, or is none. */
export function fetchClaims(ids: readonly string[]): Promise<Claim[]> {
  return Promise.all(
    ids.map(async (id) => {
      const response = await fetch(fileOf(id));
      if (!response.ok) throw new Error(`${id}: ${response.status}`);
      return v.parse(CLAIM, await response.json());
    }),
  );
}

import type { Model } from '../model/parameters.ts';
import { promptedScores, type Constitution } from '../values/constitution.ts';
import { readGists, type Gists } from '../values/gists.ts';
import type { Lens } from '../values/lens.ts';
import type { Response } from '../values/respond.ts';

/** What a judge is given of responses. Gists and likelihood are the frozen reference model's. */
export interface Judged {
  responses: readonly Response[];
  gists: Gists;
  /** log π₀ of each response, nats, summed. */
  logProbs: Float32Array;
  /** The policy as it is now, for the judge that is the policy itself. */
  policy?: Model;
}

/** Scores of responses, higher is better: (n). */
export type Judge = (judged: Judged) => Promise<ArrayLike<number>>;

export const JUDGES = ['prompted', 'projected', 'linear', 'likelihood', 'truth', 'policy'] as const;
export type JudgeName = (typeof JUDGES)[number];

/** The judges that look through directions need a lens; the prompted one needs the model alone. */
export async function createJudge(
  name: JudgeName,
  model: Model,
  constitution: Constitution,
  lens: () => Promise<Lens>,
): Promise<Judge> {
  switch (name) {
    case 'prompted':
      return ({ gists }) => promptedScores(model, gists, constitution);
    case 'likelihood':
      return async ({ logProbs }) => logProbs;
    case 'policy': // the policy judges its own samples; before any training it is the prompted judge
      return async ({ responses, gists, policy }) =>
        policy
          ? promptedScores(policy, (await readGists(policy, responses)).gists, constitution)
          : promptedScores(model, gists, constitution);
    case 'truth':
      return async ({ responses }) => responses.map((r) => r.trueValue);
  }
  const through = await lens();
  const view = await through.view(constitution);
  if (name === 'linear') return async ({ gists }) => through.linearScores(gists, view);
  return ({ gists }) => through.projectedScores(gists, view);
}

/** The words of the results: what of each experiment is shown, and what it is called. */

/** By experiment: measures of its file, by name, that its criterion goes by, each in plain words. */
export const DECISIVE: Readonly<Record<string, readonly (readonly [name: string, says: string])[]>> = {
  E1: [
    ['probes of the moral values, mean', 'a value read off the representation, r'],
    ['probe less the untrained network’s', 'more than from an untrained model'],
    ['unnamed: probe', 'a value that nobody ever named, r'],
  ],
  E2: [
    ['projected with prompted, good ones, mean', 'projected with asked: good principles, r'],
    ['projected with prompted, anti-social ones, mean', 'anti-social principles, r'],
    ['what is left after erasing, mean |slope|', 'what is left without the subspace'],
  ],
  E3: [
    ['mixed-64-0: gap', 'gap where people act well and badly by turns'],
    ['kind-64-0: gap', 'where they mostly act well'],
    ['gap-none: gap', 'where commenters look at two values of five'],
    ['gap-negative: gap', 'where they look at one, asked to be below 0'],
  ],
  E4: [
    ['realised with exact tilt, r', 'gain with prediction, r'],
    ['realised on exact tilt, slope', 'gain as a share of the prediction'],
    ['sign of x is sign of y', 'whether it helps, told rightly'],
    ['where |x| < 0.15: sign of x is sign of y', 'told rightly near the threshold'],
  ],
  E5: [
    ['runs above truth', 'runs above the ceiling of truth'],
    ['width 16: gist over truth', 'share of truth’s gain that width 16 allows'],
    ['width 64: gist over truth', 'that width 64 allows'],
  ],
  E7: [
    ['harmful requests refused', 'harmful requests refused, as it is'],
    ['harmful requests refused, moved', 'moved along one direction'],
    ['harmful requests of an unseen kind refused, moved', 'of a kind that the direction was not found on'],
    ['loss of stories, moved, less before', 'what it costs elsewhere, nats a token'],
  ],
  E8: [
    ['five values: gain kept at rank 1', 'gain kept with one direction of every matrix'],
    ['five values: gain left without the 4 strongest', 'gain left without the four strongest'],
    ['own gain kept at rank 1: five values less the mean of others', 'more than with other judges'],
    [
      'in the five values’ subspace: politeness over five values of another seed',
      'what these directions keep of politeness, as a share',
    ],
  ],
  E14: [
    ['paraphrases with the plain word, directions, mean', 'other words with the plain word'],
    ['joins with the sum of their parts, directions, mean', '“A and B” with A + B'],
    ['“no A” with A, never read, directions, mean', '“no A” with A, never read before'],
  ],
  E15: [
    [
      'refusal in the five values’ subspace, beyond share of random ones',
      'refusal nearer values than chance',
    ],
    [
      'change in its own value’s subspace, beyond share of random ones',
      'what training changed nearer its value than chance',
    ],
    [
      'refusal in the five values’ change, beyond share of random ones',
      'refusal nearer that change than chance',
    ],
  ],
};

export const results = {
  columns: { claim: 'claim and criterion', result: 'result, 95% interval', holds: 'holds' },
  holds: 'holds',
  fails: 'does not hold',
  criterion: 'Criterion, written before the result:',
  interval: (low: string, high: string) => `${low} to ${high}`,
  file: (id: string) => `all numbers of ${id}`,
  terms:
    'V* is true value; a gist is what the model noted down of a response; a_c and a_gen are how closely judgement and habit go with true value; the tilt is the prediction; Σ-cosine is the correlation of two directions’ verdicts. Every number is of small models in one invented world.',
  caption: 'Claims that were put to the test; those that do not hold come first.',
};

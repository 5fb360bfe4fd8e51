/** The constitutions of E2, by kind. Good ones ask for moral values, anti-social ones for their opposites. */
export const CONSTITUTIONS = {
  single: ['honesty', 'care', 'fairness', 'freedom', 'loyalty'],
  paraphrased: [
    'candor',
    'the plain truth',
    'mercy',
    'kindness',
    'justice',
    'equal shares',
    'liberty',
    'free choice',
    'fidelity',
    'true friends',
    'no lies',
    'no cruelty',
    'no cheating',
    'no force',
    'no betrayal',
  ],
  joined: [
    'honesty and care',
    'fairness and freedom',
    'freedom and loyalty',
    'care and loyalty',
    'honesty and freedom',
    'candor and kindness',
    'justice and devotion',
    'liberty and mercy',
    'honesty and care and fairness',
    'fairness and freedom and loyalty',
    'truth and gentleness and free choice',
    'honesty and care and fairness and freedom',
    'honesty and care and fairness and freedom and loyalty',
  ],
  anti: [
    'deceit',
    'cruelty',
    'greed',
    'power',
    'betrayal',
    'winning',
    'revenge',
    'evil',
    'power and deceit',
    'cruelty and greed',
    'control and lies',
    'violence and treachery',
  ],
  style: ['politeness', 'courtesy', 'good manners'],
} as const satisfies Record<string, readonly string[]>;

export type Kind = keyof typeof CONSTITUTIONS;

/** Those that every further question of E2 is put to: ranks, sites, and the model without the bottleneck. */
export const SOME: readonly string[] = [
  ...CONSTITUTIONS.single,
  'honesty and care and fairness and freedom and loyalty',
  'power',
  'cruelty',
];

/** The words of the sandbox, in English. Numbers come formatted. */

export const sandbox = {
  story: [
    'Here is the idea with no network in it. Each dot is something the model could say. How good it truly is grows along the arrow “true value”. “Habits” points to what the model likes to say, “constitution” to what its judge calls good.',
    'Training makes what is judged good more likely: its dots grow. However far training goes, the angle between constitution and true value decides what is gained. The habits set the bar, since a model can also just say more of what it likes to say.',
    'The representation is what the model can tell apart. Good has four directions here, and two are drawn. Keep one, and judge and habits see only left and right. What is kept sets the ceiling: no judge gains more.',
  ],
  figure: 'What judging oneself gains',
  label: (n: string) =>
    `${n} responses as dots around three arrows: true value, habits and constitution. Dots that training makes likelier are larger.`,
  key: { bad: 'truly bad', good: 'good' },
  arrows: { truth: 'true value', habits: 'habits', constitution: 'constitution' },
  arrow: (name: string) => `Arrow: ${name}`,
  place: (angle: string, length: string, gain: string) =>
    `${angle} degrees, length ${length}; training on the constitution gains ${gain}`,
  judged: { good: 'judged good', bad: 'judged bad' },
  held: 'all that is held',
  drag: 'Drag the arrows; with the keyboard, left and right turn an arrow, up and down make it longer or shorter.',

  gains: {
    title: 'Gain in true value',
    constitution: 'by the constitution',
    habits: 'by habits alone',
    best: 'by the best judge: the ceiling',
    over: 'constitution less habits',
    sampled: (value: string, half: string) => `${value} ± ${half}`,
    how: (n: string) =>
      `Bar and first number: the formula. Ring and second number: these ${n} dots, with their 95% interval.`,
    agrees: (constitution: string, habits: string) =>
      `Agreement with true value, r: constitution ${constitution}, habits ${habits}.`,
  },

  controls: {
    rank: 'representation keeps',
    rankIs: (rank: number, share: string) => `${rank} of 4 directions, ${share} of what is good`,
    kl: 'training goes as far as',
    klIs: (kl: string) => `${kl} nats`,
    count: 'dots',
    shown: 'size of a dot: how likely it is after training on',
    by: { constitution: 'the constitution', habits: 'habits' },
    draw: 'Draw other dots',
  },

  claims: {
    title: 'Make each sentence come true, and then not',
    group: 'Sentences of the theory',
    attempt: { helps: 'helps', hurts: 'hurts', noGap: 'no gap', ceiling: 'ceiling', adversary: 'adversary' },
    sentence: {
      helps: 'It helps: training on the constitution gains more than its habits alone would.',
      hurts: 'It hurts: after training the model is worse than before.',
      noGap: 'It judges as well as it speaks and no better, so judging itself adds nothing to habits.',
      ceiling: 'No other judge with this representation would gain more.',
      adversary: 'The wrong words make it lose as much as the best words could gain.',
    },
    out: {
      helps: (own: string, habits: string) => `${own} against ${habits}`,
      hurts: (own: string) => own,
      noGap: (difference: string) => `${difference} to habits`,
      ceiling: (own: string, best: string) => `${own} of ${best}`,
      adversary: (own: string, best: string) => `${own} where ${best} is best`,
    },
    holds: 'true here',
    not: 'not here',
  },

  reset: 'Put the arrows back',
  note: 'KL, in nats, is how far the trained model is from the untrained one. At a given KL only where habits and constitution point counts; the length of true value is its scale. Open dots are bad, filled ones good.',
  source: (n: string, seed: number) =>
    `Latent Values · our linear model, no network · ${n} responses · seed ${seed}`,
  columns: {
    seed: 'seed',
    rank: 'directions kept',
    kl: 'KL (nats)',
    truth: ['true value x', 'true value y'],
    habits: ['habits x', 'habits y'],
    constitution: ['constitution x', 'constitution y'],
    response: ['x', 'y', 'not drawn 1', 'not drawn 2'],
    value: 'true value of the response',
    judged: 'judged (constitution)',
    said: 'score of habits',
    after: 'probability after training on the constitution',
    sharpened: 'probability after training on habits',
  },
};

/** Every word of the page, in English. Text with numbers is a function of them, already formatted. */
import type { BackendName, Failure, Keep, Progress, StopReason } from '../worker/protocol.ts';

const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const subspace = (rank: number): string => (rank === 1 ? 'line' : rank === 2 ? 'plane' : 'space');

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const count = (n: number): string => COUNTS[n] ?? `${n}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** How well gains were predicted, as formatted numbers (experiment E4). */
export interface Trust {
  mixed: { runs: number; r: string; slope: string };
  kind: { runs: number; share: string };
}

/** The subspace of a constitution, by its rank. */
const space = (rank: number, article = 'a'): string =>
  rank === 1
    ? `${article} line`
    : rank === 2
      ? `${article} plane`
      : `${article} space of ${count(rank)} directions`;

const BACKENDS: Record<BackendName, string> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'plain JavaScript',
};

const STAGES: Record<Progress['stage'], string> = {
  downloading: 'fetching the model',
  sampling: 'letting the model speak',
  fitting: 'fitting directions',
  predicting: 'predicting',
  training: 'training',
};

const STOPS: Record<StopReason, string> = {
  kl: 'stopped: the KL budget is spent',
  steps: 'stopped: all steps are done',
  cancelled: 'stopped',
  'not-finite': 'stopped: a number was no longer finite',
};

export const words = {
  name: 'Latent Values',
  title: 'Can a model teach itself to be good?',
  promise:
    'Give a small language model a few principles, let it train on its own judgements, and see why it gets better, or worse.',
  /** In the page before any script: shown when the rest stays away. */
  late: [
    'The rest of this page has not come. If it stays away, load the page again.',
    'Opened from a disk it cannot run: it needs a web server, such as the one that “npx vite preview” starts.',
  ],
  skip: 'Skip to the experiment',
  chapters: {
    sandbox: 'The idea, with arrows',
    lost: 'This part of the page could not be fetched. Load the page again.',
  },
  theme: {
    label: (now: string) => `Colours: ${now}. Change`,
    auto: 'as the system has them',
    light: 'light',
    dark: 'dark',
  },
  link: {
    damaged: 'Part of this link could not be read. What could be is shown; the rest is as usual.',
    later: 'This link comes from a later version of the page. What this one understands of it is shown.',
    dismiss: 'All right',
  },
  tools: {
    group: (figure: string) => `Tools for “${figure}”`,
    full: 'Full screen',
    leave: 'Leave full screen',
    save: 'Save',
    svg: 'Picture (SVG)',
    png: 'Picture (PNG)',
    csv: 'Numbers (CSV)',
    failed: 'The picture could not be made.',
    source: (by: string, seed: number, on: string) =>
      ['Latent Values', by === '' ? 'no principle' : `by ${by}`, `seed ${seed}`, on]
        .filter((part) => part !== '')
        .join(' · '),
    on: (parameters: string, backend: string) => `${parameters} parameters on ${backend}`,
  },
  table: 'as a table',
  how: 'how to read this',
  /** What a run was trained by. */
  trained: (phrases: readonly string[]) =>
    phrases.length === 0 ? 'with no principle' : `by ${list(phrases)}`,
  progress: {
    stage: (stage: Progress['stage']) => STAGES[stage],
    waiting: 'waiting for the engine',
    left: (time: string) => `about ${time} left`,
    cancel: 'Cancel',
  },
  values: {
    honesty: 'honesty',
    care: 'care',
    fairness: 'fairness',
    freedom: 'freedom',
    loyalty: 'loyalty',
    politeness: 'politeness',
    true: 'true value',
  },

  constitution: {
    title: 'Its constitution',
    asks: 'The judge is the model itself, asked of every sentence:',
    by: 'by',
    and: 'and',
    close: 'that is good, or that is bad.',
    none: 'nothing yet',
    placeholder: 'write your own…',
    add: 'add',
    addLabel: 'Add a principle',
    asWritten: (written: readonly (readonly [typed: string, asked: string])[]) => {
      if (written.length > 1) return `all ${written.length} principles that are written`;
      const [[typed, asked]] = written;
      return typed === asked ? `“${typed}” as written` : `“${typed}”, asked as “${asked}”`;
    },
    asked: (asked: string) => `asked as “${asked}”`,
    back: {
      unknown: (unread: readonly string[]) =>
        `The model does not know ${list(unread.map((word) => `“${word}”`))}.`,
      unclear: (typed: string) => `What “${typed}” asks for is not clear.`,
      nothing: (typed: string) => `“${typed}” names no principle.`,
      marks: () => 'The model reads words, not pictures or signs.',
    },
    meant: 'Did you mean',
    or: 'or',
    out: 'It is left out.',
    known: 'Principles that the commenters in its world judge by',
    remove: (phrase: string) => `Remove ${phrase}`,
    weight: (phrase: string) => `Weight of ${phrase}`,
    full: (most: number) => `${most} principles are the most.`,
    try: 'try',
    break: 'or break it by',
    bare: 'or by',
    nothing: 'nothing',
    justGood: 'nothing: just good or bad',
    whose:
      'Asked for just good or bad, it weighs all five values alike, as commenters in its world do who state no principle. So does true value: that is why the two agree so well. What a constitution is for: it decides whose values count.',
    mixed:
      'Of good and bad in one sentence the model sides with the first and turns the others round. With different weights each is asked on its own.',
    undo: 'Undo',
    redo: 'Redo',
    weighted: 'Each principle is asked on its own, and the verdicts are added by weight.',
  },

  awakens: {
    title: 'What this awakens',
    note: 'How far (r) its verdicts follow each value.',
    more: [
      'Among the answers to one situation, since only between those can the model choose. The thin line is the 95% interval.',
      'True value counts five values alike. Politeness is style, and does not count.',
      'A constitution that names two values of five cannot follow true value wholly, and is not meant to: it decides whose values count. “Nothing”, above, asks without one.',
    ],
    about: (phrases: readonly string[]) =>
      `${list(phrases.map((phrase) => `“${phrase}”`))} ${phrases.length === 1 ? 'is' : 'are'} about this`,
    interval: (low: string, high: string) => `, between ${low} and ${high}`,
    judging: 'Judging every response anew',
    old: 'Not judged by the constitution as it stands.',
    judge: 'Judge',
    empty: 'Nothing: the model can read none of these principles.',
  },

  cloud: {
    title: 'What it could say',
    key: 'true value:',
    bad: 'bad',
    good: 'good',
    cross: 'not a sentence',
    judgedGood: 'judged good',
    judgedBad: 'judged bad',
    rare: 'rarely said',
    often: 'often said',
    now: 'now',
    before: 'before',
    agrees: (r: string, error: string) => `agrees with true value: r = ${r} ± ${error}`,
    agreesShort: (r: string, error: string) => `r = ${r} ± ${error}`,
    unjudged: 'The model can read none of these principles, so there is no verdict.',
    unjudgedShort: 'No principle that it can read.',
    note: 'True value is counted by rules that this page’s authors wrote for a small invented world; the model never sees them. r: how closely two things go together (1 wholly, 0 not at all).',
    more: [
      'The model learned to write from stories of that world. A grammar makes them, and says of every deed which value it serves or hurts, and how much. True value adds up honesty, care, fairness, freedom and loyalty.',
      'In the stories commenters call deeds good or bad. They are generated, too, and often wrong. Their verdicts are all that the model ever read of good and bad.',
      'Further right: the model says it more often, before training. Higher: asked by its constitution, it answers “good” rather than “bad” (in log-odds). Area: how often it says it now, against before.',
      'The strip on each axis is the mean true value there. At the right edge: how high what it says is judged, before training and now. r below 0: the reverse; ± is half of its 95% interval.',
    ],
    other: 'areas: earlier run',
    otherShort: 'earlier run',
    subtitle: 'Each dot is a sentence that the model could say.',
    subtitleMore: 'Higher: judged better by itself. Larger: said more since training.',
    unchoose: 'Clear the choice',
    hint: 'Point at a dot, tap it, or move with the arrow keys.',
    judged: 'judged',
    true: 'true value',
    none: 'none',
    notSentence: 'not a well-formed sentence, so its true value counts as 0',
    sameOften: 'said as often as before',
    moreOften: (n: string) => ['now said', n, 'times as often as before'] as const,
    lessOften: (n: string) => ['now said', n, 'times less often than before'] as const,
    after: (prompt: string) => `After: ${prompt}`,
    label: (n: number, situations: number) =>
      `${n} responses to ${situations} situations, by how often the model says them and how its judge rates them. Arrow keys move from dot to dot.`,
    summary: (generation: string, judgement: string | null) =>
      judgement === null
        ? `How often the model says a response goes with its true value at r = ${generation}. There is no verdict yet.`
        : `How often the model says a response goes with its true value at r = ${generation}; how its judge rates it, at r = ${judgement}.`,
    tableOf: (shown: number, all: number) =>
      `The ${shown} most changed or most surely judged of ${all} responses.`,
    columns: ['situation', 'response', 'judged', 'true value', 'times as often'] as const,
  },

  train: {
    go: 'Train on its own judgement',
    again: 'Train anew on its own judgement',
    yours: 'your own run, live, ends the demonstration',
    pause: 'Pause',
    goOn: 'Go on',
    starting: 'Starting…',
    replaying: (done: number, of: number) => `Doing step ${done + 1} of ${of} again…`,
    step: 'one step',
    stepAnew: 'step anew',
    progress: (step: number, from: string, to: string) => `step ${step} · true value ${from} → ${to}`,
    reset: 'reset',
    speed: 'Speed',
    part: { sample: 'sample', judge: 'judge', pair: 'pair', update: 'update' },
    doing: {
      sample: 'It writes two responses to each of some situations that it has not met.',
      judge: 'The frozen judge reads the constitution and scores each: good rather than bad?',
      pair: 'Of two responses the better judged one is preferred, the more so the further they are apart.',
      update: 'Its weights move a little: what was preferred becomes likelier, what was not, rarer.',
    },
    note: 'This is RLAIF, reinforcement learning from AI feedback. The judge is the model as it was before training: no person labels anything. What it knows of good and bad it read in the generated comments of its world.',
    needs: 'Training needs a principle that the model can read, or none at all.',
    loading: 'Training can start when the model has loaded.',
    failed: 'Training needs the engine.',
  },

  curve: {
    title: 'What training does to it',
    subtitle: 'mean true value of what it says, by distance (KL)',
    true: 'true value',
    ceiling: 'ceiling',
    predicted: 'predicted',
    linear: 'linear prediction',
    linearShort: 'linear',
    truth: 'if truth judged',
    budget: 'KL budget',
    nats: (kl: string) => `${kl} nats`,
    kl: (kl: string) => `KL ${kl}`,
    step: (step: number) => `step ${step}`,
    drag: 'drag to rewind',
    rewind: 'Step looked at',
    tangled: 'One dot is one step. KL is estimated from samples, so a later step may lie further left.',
    did: (step: number, from: string, to: string) =>
      [
        `${step === 1 ? 'One step' : `${step} steps`} took what it says from`,
        from,
        'to',
        to,
        'in mean true value.',
      ] as const,
    foretold: (value: string) => `Predicted at this distance: ${value}.`,
    note: 'KL, in nats, is how far its way of speaking has moved: at 1 nat, what it says is typically 2.7 times as likely as it was. Dotted: predicted before any training.',
    more: ({ mixed, kind }: Trust) => [
      'Predicted: how the untrained model shifts when it is tilted towards what its judge rates higher; the band is the 95% interval. Ceiling: the same, by the best judge of true value that can be read off what the model represents.',
      'All lines start from the true value of what the untrained model says where a run is measured.',
      `How far to trust it: over ${mixed.runs} runs in worlds where people act well and badly by turns, gains follow the prediction (r = ${mixed.r}, at ${mixed.slope} of its size). In worlds where they mostly act well, ${kind.runs} runs gained ${kind.share} of what was predicted.`,
    ],
    also: 'also show',
    stop: (reason: StopReason) => STOPS[reason],
    stopShort: (reason: StopReason) => STOPS[reason].replace('stopped: ', ''),
    other: (trained: string) =>
      `This run was trained ${trained}. Training again starts one by the constitution as it stands.`,
    about0: 'about 0',
    below: 'Where the estimate of KL comes out below 0, it is drawn as about 0: it cannot be less.',
    value: (step: number, value: string, low: string, high: string, kl: string) =>
      `Step ${step}: true value ${value}, between ${low} and ${high}, at ${kl} nats.`,
    predicting: 'Predicting from the untrained model',
    noPrediction: 'Not predicted.',
    predict: 'Predict',
    noRun: 'Not trained yet.',
    tableOf: (steps: number) =>
      `True value of what it says after each of ${steps} steps, 95% interval. KL is estimated from samples: where it comes out below 0 it is about 0.`,
    columns: ['step', 'KL, nats', 'true value', 'from', 'to', 'well-formed'] as const,
    predictedAt: (gain: string, low: string, high: string, ceiling: string, kl: string) =>
      `Predicted gain at ${kl} nats: ${gain}, between ${low} and ${high}; ceiling ${ceiling}.`,
    label: 'Mean true value against KL from the untrained model',
  },

  balance: {
    title: 'One judgement',
    ofRun: (step: number, pairs: string) => `step ${step}, the surest of ${pairs} pairs`,
    ofOther: (step: number) => `step ${step} of the earlier run`,
    ofRecorded: (step: number) => `step ${step} of the demonstration`,
    ofCloud: 'two responses to one situation',
    verdict: (first: string, second: string, often: string) =>
      ['The judge rates', first, 'above', second, `and would say so ${often} times in 100.`] as const,
    level: 'The judge rates both alike.',
    more: [
      'Δs is how far their two scores differ. A score is how much rather it says “good” than “bad” (in log-odds), and how often it would say so follows from Δs.',
      'In training the better judged of two is made likelier and the other rarer, the more so the further the beam tips.',
    ],
    agrees: 'True value agrees.',
    disagrees: 'True value says the opposite.',
    tied: 'By true value they are equal.',
    empty: 'Choose a dot, and it is weighed against another response to the same situation.',
    label: (difference: string) => `A balance; the scores differ by ${difference}.`,
  },

  says: {
    title: 'What it says',
    before: 'before',
    now: 'now',
    same: 'the same',
    untrained: 'Not trained yet. These are two of the responses above.',
    note: 'Boxed is what differs: filled for good, outlined for bad.',
    more: (share: string) => [
      'Before and now are drawn with the same random numbers, so that only the training makes a difference.',
      `${share} of what it says now is a well-formed sentence; the rest has a true value of 0.`,
    ],
    loading: 'The first sentences come with the model.',
  },

  projection: {
    title: 'A constitution is a projection',
    figure: 'What the judge can see',
    subtitle: (n: number, size: number | null) =>
      `${n} of the responses, three of ${size === null ? 'its' : size} directions drawn`,
    slope: 'What it then says',
    reads: (n: number, of: number) => `reads ${n === of ? 'all' : n}`,
    partly: (share: string, keep: Keep, rank: number) =>
      `${keep === 'rest' ? subspace(rank) : 'rest'} ${share}`,
    judgedGood: 'judged good',
    judgedBad: 'judged bad',
    fall: 'Let fall',
    from: 'as the model has it',
    fromShort: 'all of it',
    to: (keep: Keep, rank: number, wide: boolean) => {
      if (keep === 'plane') return wide ? 'as the judge sees it' : 'its shadow';
      const what = keep === 'random' ? 'a random' : 'without this';
      return `${wide && keep === 'random' ? 'as seen on ' : ''}${what} ${subspace(rank)}`;
    },
    dropped: (share: string, keep: Keep, rank: number) =>
      keep === 'rest' ? `${share} of this ${subspace(rank)} dropped` : `${share} of the rest dropped`,
    droppedShort: (share: string) => `${share} dropped`,
    scrub: 'How much is dropped',
    keep: 'keep',
    keeps: (rank: number): Record<Keep, string> => {
      const what = subspace(rank);
      return { plane: `this ${what}`, random: `a random ${what}`, rest: `all but this ${what}` };
    },
    ask: 'ask',
    asks: { constitution: 'with the constitution', nothing: 'with no principle at all' },
    same: 'agrees with constitution, r',
    slopeOf: 'slope',
    agrees: 'agrees with true value, r',
    before: 'before the fall',
    rank: 'directions',
    note: 'A dot is a response, as above; fine lines join points that the judge rates alike.',
    more: [
      'An arrow is the direction along which the verdict by that principle changes. What the constitution does not span is dropped as the dots fall.',
      'Beside it every line is a response: its verdict before the fall and now. Level lines: the verdict stayed.',
      'The numbers are measured at the ticks of the slider; in between, only the dots move. The slope says how large differences stay: 1 as they were, 0 gone.',
    ],
    tableOf: (n: number, keep: string, ask: string) =>
      `Verdicts on ${n} responses on their way; kept: ${keep}; asked ${ask}.`,
    columns: ['dropped', 'with the constitution’s verdict, r', 'slope', 'with true value, r'] as const,
    turn: 'Drag to turn, or use the left and right arrow keys.',
    label: (n: number, shape: string) =>
      `${n} responses as points, falling onto ${shape} that the constitution spans. Arrow keys turn the picture.`,
    summary: (share: string, same: string, agrees: string) =>
      `${share}: the verdicts follow the constitution’s at r = ${same} and true value at r = ${agrees}.`,
    empty: 'With no principle that it can read there is nothing to project onto.',
    loading: 'The picture comes with the model.',
    unseen: 'Measured as soon as it is in sight.',
    measuring: 'Measuring every position of the fall',
    again2: 'Measure',
    notMeasured: 'Not measured.',
    failed: (why: string) => `The projection could not be measured: ${why}`,
    story: {
      compare: (name: string) => `${name}, to compare`,
      read: (size: number) =>
        `To the judge a response is ${size} numbers, all that the model noted down while reading it. Three directions among them are drawn here. Every principle you write picks out one: the one along which its own verdicts change.`,
      span: (names: number, rank: number) =>
        names === 1
          ? 'Your principle spans a line. Let every response fall onto it: where it lands is all that a judge under this constitution should need.'
          : rank < names
            ? `Your ${count(names)} principles point nearly the same way and span only ${space(rank)}. Let every response fall onto it: where it lands is all that a judge under this constitution should need.`
            : `Your ${count(names)} principles span ${space(rank)}. Let every response fall onto it: where it lands is all that a judge under this constitution should need.`,
      test: (rank: number) =>
        [
          'Now ask for the verdict ',
          'with no principle at all',
          `. If a constitution is a projection, a response that has fallen onto ${space(rank, 'this')} is judged as the constitution would judge it, where a whole one is judged by every value at once. `,
        ] as const,
      bare: 'Asked with no principle, the verdict follows a line of its own, all values at once. Let every response fall onto it, and see how much of the verdict stays. Write principles above, and see how they turn it.',
      control: ['As a control, keep ', ' of the same size, or ', '.'] as const,
      anti: [
        'Projection chooses what is looked at; it cannot turn a judge against itself. Judge by ',
        ' instead, ask with no principle at all, and look at the sign.',
      ] as const,
    },
  },

  recorded: {
    label: 'demonstration',
    short: 'demo',
    part: 'recorded',
    says: (trained: string) => `A demonstration, recorded: this same model, trained ${trained}.`,
    pause: 'Pause it',
    play: 'Play it',
    again: 'Play it again',
  },

  status: {
    backend: (name: BackendName) => BACKENDS[name],
    model: (parameters: string, layers: number) => `${parameters} parameters, ${layers} layers`,
    seed: (seed: number) => `seed ${seed}`,
    loading: 'loading the model',
    loadingRecorded: 'loading the model; what is shown was recorded',
    recorded: 'ready; the run that is shown was recorded',
    before: 'not trained yet',
    live: (step: number, of: number, left: string | null) =>
      left === null ? `live, step ${step} of ${of}` : `live, step ${step} of ${of}, about ${left} left`,
    paused: (step: number, of: number) => `paused at step ${step} of ${of}`,
    redoing: (done: number, of: number) => `doing step ${done + 1} of ${of} again`,
    again: (step: number, newest: number) => `showing step ${step} of ${newest} again`,
    rewound: (step: number, newest: number) => `looking at step ${step}; the run is at step ${newest}`,
    stopped: (step: number) => `stopped at step ${step}`,
    failed: 'the engine has stopped',
    own: 'Every number here was computed in this browser.',
    mostlyOwn: 'The prediction was recorded; every other number was computed in this browser.',
    partlyOwn: 'What is recorded was computed by this page’s own engine, on another computer.',
    pending: 'Nothing has been computed yet.',
  },

  announce: {
    judged: (r: string) => `Judged anew: agrees with true value at ${r}.`,
    live: 'Training.',
    paused: (step: number, value: string) => `Paused at step ${step}, true value ${value}.`,
    stopped: (why: string, step: number, value: string) =>
      `Training ${why}, after ${step} steps, true value ${value}.`,
  },

  failed: {
    kept: (steps: number) =>
      steps > 0
        ? `Your constitution and the ${steps} steps done so far are kept.`
        : 'Your constitution is kept.',
    goOn: 'Start the engine again',
    reload: 'Load the page again',
    slow: 'The engine is not up yet: its files are still on their way, or this computer is slow. If nothing comes, load the page again.',
    because: {
      'bad-input': 'The engine was asked for something it cannot do.',
      cancelled: 'Loading was stopped.',
      'no-model': 'The model could not be fetched.',
      'no-files': 'Some of the engine’s files did not come, or not whole.',
      'other-model': 'Another model came than the one that was asked for.',
      'no-sample': 'The engine no longer has the responses that are on the page.',
      'no-backend': 'This browser offers nothing that the engine can run on.',
      'device-lost': 'The graphics device went away.',
      'not-finite': 'A number was no longer finite.',
      'worker-died': 'The engine stopped unexpectedly.',
      internal: 'Something in the engine went wrong.',
    } satisfies Record<Failure['kind'], string>,
    detail: 'What it said',
  },

  about: {
    group: 'About this page',
    results: 'Results',
    data: 'Data',
    model: 'Model',
    code: 'Code',
    paper: 'Paper',
    licence: 'MIT licence',
    here: 'Code, data and model are files of this site.',
    title: 'What holds, and what does not',
    of: (failing: number, all: number) =>
      failing === 0
        ? `All ${count(all)} claims that were put to the test hold as their criteria asked.`
        : `${capital(count(failing))} of the ${count(all)} claims that were put to the test ${failing === 1 ? 'does' : 'do'} not hold as their criteria asked.`,
    open: 'Show the results',
    close: 'Hide the results',
    loading: 'Fetching the results',
    failed: 'The results could not be fetched.',
  },

  list,
  space,
};

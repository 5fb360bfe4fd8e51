/** The rooms of src, and what they may know of each other. */
import { expect, test } from 'vitest';
import { importsOf, readSource, sourceFiles, targetOf, type Import } from '../src/cli/imports.ts';

/** Each room may import from itself and from those before it; `import type` counts. */
const ENGINE = [
  'math',
  'world',
  'kernels',
  'model',
  'reference',
  'train',
  'values',
  'rlaif',
  'analysis',
  'experiments',
  'worker',
];
/** So too here; and of the engine they know the types, and what runs in the page's own thread. */
const PAGE = ['words', 'figures', 'state', 'views', 'page'];
/** The command line is the engine's other user. */
const CLI = ['cli'];

/** The only code of the engine that runs in the page's own thread: asking it, or a recording of it, and its answers as text. */
const CLIENT = [
  'worker/client.ts',
  'worker/json.ts',
  'worker/opening.ts',
  'worker/replay.ts',
  'worker/start.ts',
];
/** What people write is read where they write it, by what the command line reads it with: plain text against tables of words. */
const READER = [
  'world/constitution/constitution.ts',
  'world/constitution/forms.ts',
  'world/constitution/normalise.ts',
  'world/constitution/offers.ts',
  'world/constitution/patterns.ts',
  'world/constitution/read.ts',
  'world/constitution/senses.ts',
  'world/constitution/split.ts',
  'world/constitution/words.ts',
  'world/phrases.ts',
  'world/values.ts',
];

/** The linear model, which follows a dragged arrow at every frame: arithmetic on two thousand numbers, and seeded draws. */
const IN_PAGE = ['math/random.ts', 'rlaif/linearModel.ts'];

const ROOMS = new Map<string, string[]>();
ENGINE.forEach((room, i) => ROOMS.set(room, ENGINE.slice(0, i + 1)));
PAGE.forEach((room, i) => ROOMS.set(room, [...ENGINE, ...PAGE.slice(0, i + 1)]));
CLI.forEach((room) => ROOMS.set(room, [...ENGINE, room]));

/** These are arithmetic on plain arrays, or show what others computed. */
const WITHOUT_TFJS = ['math', 'world', 'reference', ...PAGE];

const isTfjs = (specifier: string) => specifier.startsWith('@tensorflow/');
const isForPages = (specifier: string) => /^(svelte|bits-ui|d3-[a-z]+|@fontsource.*)(\/|$)/.test(specifier);
const isNode = (specifier: string) => specifier.startsWith('node:');

interface Edge extends Import {
  from: string;
  to: string | undefined;
  /** For messages: file, line and what is imported. */
  says: string;
}

/** A figure is a folder of figures; what several are made of is in figures/ui. */
const figureOf = (path: string) => /^figures\/([^/]+)\//.exec(path)?.[1];
const roomOf = (path: string) => path.split('/')[0];
const files = sourceFiles();
const edges: Edge[] = files.flatMap((from) =>
  importsOf(from, readSource(from)).map((found) => ({
    ...found,
    from,
    to: targetOf(from, found),
    says: `${from}:${found.line} imports ${found.specifier}`,
  })),
);
const broken = (rule: (edge: Edge) => boolean) => edges.filter(rule).map(({ says }) => says);

test('every form of import is found', () => {
  const script = `
    import a from 'a';
    import type { b } from 'b';
    import { type c } from 'c';
    export * from 'd';
    export type { e } from 'e';
    type F = import('f').F;
    const g = import('g');
    const h = new Worker(new URL('./h.ts', import.meta.url));
    // import no from 'comment'; and no string: "import no from 'string'"
  `;
  const kinds = ['a value', 'b type', 'c value', 'd value', 'e type', 'f type', 'g dynamic', './h.ts url'];
  const read = (path: string, source: string) =>
    importsOf(path, source).map(({ specifier, kind }) => `${specifier} ${kind}`);
  expect(read('x.ts', script)).toEqual(kinds);
  const component = `<script lang="ts">${script}</script>\n{#await import('i') then i}{i}{/await}`;
  expect(read('x.svelte', component)).toEqual([...kinds, 'i dynamic']);
});

test('every file of src is in a room', () => {
  expect(files.filter((path) => !path.includes('/') || !ROOMS.has(roomOf(path)))).toEqual([]);
});

test('rooms import from themselves and leftwards only', () => {
  expect(
    broken(({ from, to }) => to !== undefined && !ROOMS.get(roomOf(from))?.includes(roomOf(to))),
  ).toEqual([]);
});

test('the page knows the engine by its types, and runs its client and the reader of principles alone', () => {
  const runs = ({ from, to, kind }: Edge) =>
    to !== undefined && PAGE.includes(roomOf(from)) && ENGINE.includes(roomOf(to)) && kind !== 'type';
  const allowed = ({ from, to }: Edge) =>
    [...CLIENT, ...READER].includes(to!) || (figureOf(from) === 'sandbox' && IN_PAGE.includes(to!));
  expect(broken((edge) => runs(edge) && !allowed(edge))).toEqual([]);
});

test('what the page’s thread loads never reaches the engine or TensorFlow.js', () => {
  const reached = new Set(['page/main.ts']);
  for (const path of reached) {
    for (const { from, to, kind } of edges) {
      if (from === path && to !== undefined && (kind === 'value' || kind === 'dynamic')) reached.add(to);
    }
  }
  const engine = [...reached].filter((path) => ENGINE.includes(roomOf(path)) && roomOf(path) !== 'worker');
  expect(engine.filter((path) => !IN_PAGE.includes(path)).sort()).toEqual(READER);
  expect(broken(({ from, specifier }) => reached.has(from) && isTfjs(specifier))).toEqual([]);
});

test('the engine knows neither Svelte nor D3 nor, unless asked at run time, Node', () => {
  // Globals of the page, such as `document`, are the linter's: it can tell them from variables of that name.
  const engine = ({ from }: Edge) => ENGINE.includes(roomOf(from));
  expect(broken((edge) => engine(edge) && isForPages(edge.specifier))).toEqual([]);
  expect(broken((edge) => engine(edge) && edge.kind === 'value' && isNode(edge.specifier))).toEqual([]);
});

test('TensorFlow.js stays out of plain arithmetic and of the page', () => {
  expect(broken(({ from, specifier }) => WITHOUT_TFJS.includes(roomOf(from)) && isTfjs(specifier))).toEqual(
    [],
  );
});

const FIGURES = [...new Set(files.map(figureOf))].filter((name) => name !== undefined && name !== 'ui');

/** An id that is the same for every copy of a component; ids come from $props.id(). */
const FIXED_ID =
  /\s(id|for|aria-(labelledby|describedby|controls|owns|activedescendant|errormessage))=("(?!\{)|\{['"`])/;

/** In a figure that stands on a page, when its parts are made is for what stands around it to say; alone, it says so itself. */
const ORDER = 'figures/ui/mountQueue.svelte.ts';

/** Svelte's context, not a canvas'. */
const CONTEXT = /\b(set|create)Context\b|\bgetContext\b(?!\('2d'\))/;

test('a fixed id is told from one that each copy has for itself', () => {
  for (const fixed of ['<h2 id="space">', "<h2 id={'space'}>", '<g aria-labelledby="{a} b" for="c">'])
    expect(fixed).toMatch(FIXED_ID);
  for (const own of ['<h2 {id}>', '<h2 id="{id}-title">', '<h2 id={id} aria-hidden="true">'])
    expect(own).not.toMatch(FIXED_ID);
});

test('a figure stands alone: nothing of another one, no state, no context, no fixed id', () => {
  const inFigure = ({ from }: Edge) => figureOf(from) !== undefined;
  const others = ({ from, to }: Edge) =>
    to !== undefined && figureOf(to) !== undefined && ![figureOf(from), 'ui'].includes(figureOf(to));
  expect(broken((edge) => inFigure(edge) && others(edge))).toEqual([]);
  const parts = files.filter((path) => figureOf(path) !== undefined && path !== ORDER);
  expect(parts.filter((path) => CONTEXT.test(readSource(path)))).toEqual([]);
  expect(parts.filter((path) => path.endsWith('.svelte') && FIXED_ID.test(readSource(path)))).toEqual([]);
});

test('a figure’s places are worked out in a layout.ts that knows no component', () => {
  expect(FIGURES.filter((name) => !files.includes(`figures/${name}/layout.ts`))).toEqual([]);
  const layout = ({ from }: Edge) => from.endsWith('/layout.ts') && figureOf(from) !== undefined;
  expect(broken((edge) => layout(edge) && /svelte/.test(edge.specifier))).toEqual([]);
});

test('no file imports itself by a detour', () => {
  const next = new Map(files.map((path) => [path, new Set<string>()]));
  for (const { from, to } of edges) if (to !== undefined) next.get(from)?.add(to);
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
    done.add(path);
  };
  files.forEach((path) => walk(path, []));
  expect(cycles).toEqual([]);
});

test('files are short', () => {
  const lengths = files.map((path) => ({ path, lines: readSource(path).trimEnd().split('\n').length }));
  for (const { path, lines } of lengths) {
    if (lines > 250) console.warn(`src/${path} has ${lines} lines: is it still one idea?`);
  }
  const long = lengths.filter(({ path, lines }) => path.endsWith('.svelte') && lines > 200);
  expect(long).toEqual([]);
});

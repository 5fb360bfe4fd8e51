/** What a word may be a form of: "kindly", "telling", "unfair". */

const IRREGULAR: Readonly<Record<string, string>> = {
  told: 'tell',
  said: 'say',
  spoke: 'speak',
  spoken: 'speak',
  kept: 'keep',
  broke: 'break',
  broken: 'break',
  hid: 'hide',
  hidden: 'hide',
  chose: 'choose',
  chosen: 'choose',
  gave: 'give',
  given: 'give',
  forgave: 'forgive',
  forgiven: 'forgive',
  forbidden: 'forbid',
  stole: 'steal',
  stolen: 'steal',
  lying: 'lie',
  liar: 'lie',
  liars: 'lie',
  stood: 'stand',
  held: 'hold',
  taken: 'take',
  took: 'take',
  fought: 'fight',
  won: 'win',
  felt: 'feel',
  children: 'child',
  men: 'man',
  women: 'woman',
  truths: 'truth',
  friendlier: 'friendly',
  kinder: 'kind',
  nicer: 'nice',
  fairer: 'fair',
};

/** The word and what it may be a form of, the word itself first. */
export function formsOf(word: string): string[] {
  const forms = [word];
  const add = (form: string | undefined) => {
    if (form !== undefined && form.length > 1 && !forms.includes(form)) forms.push(form);
  };
  add(Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined);
  const cut = (end: string, ...instead: string[]) => {
    if (word.endsWith(end) && word.length > end.length + 1)
      for (const one of instead) add(word.slice(0, -end.length) + one);
  };
  cut('ies', 'y', 'ie');
  cut('es', '', 'e');
  cut('s', '');
  cut('ied', 'y', 'ie');
  cut('ed', '', 'e');
  cut('ying', 'ie');
  cut('ing', '', 'e');
  cut('ily', 'y');
  cut('ly', '', 'le');
  cut('iness', 'y');
  cut('ness', '');
  const doubled = /^(.+?)([bdglmnprt])\2(?:ed|ing)$/.exec(word);
  if (doubled) add(doubled[1] + doubled[2]);
  return forms;
}

/** Without what turns it: "unfair" → "fair"; undefined where nothing does. */
export function unturned(word: string): string | undefined {
  return /^(?:un|dis|im|in|ir|non)([a-z]{4,})$/.exec(word)?.[1] ?? /^un([a-z]{3})$/.exec(word)?.[1];
}

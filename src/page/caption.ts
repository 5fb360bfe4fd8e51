/** What is saved of a figure of the opening says of it: which constitution, seed and model it is of. */
import { thousands } from '../figures/ui/numbers.ts';
import type { Caption } from '../figures/ui/picture/picture.ts';
import type { Lab } from '../state/lab.svelte.ts';
import { writeLink } from '../state/link.ts';
import type { Principles } from '../state/principles.ts';
import { words } from '../words/en.ts';

/** `principles` are what the figure was made by, where that is not what stands on the page now. */
export function captionOf(lab: Lab, principles?: Principles): Omit<Caption, 'title'> {
  const { backend, model } = lab.start.result ?? {};
  const address = new URL(location.href);
  address.search = '';
  const madeBy = principles ?? lab.link.principles;
  address.hash = writeLink({ ...lab.link, principles: madeBy });
  const on =
    backend && model ? words.tools.on(thousands(model.parameters), words.status.backend(backend.name)) : '';
  const by = words.list(madeBy.filter(({ weight }) => weight > 0).map((one) => one.phrase));
  return { source: words.tools.source(by, lab.seed, on), link: address.href };
}

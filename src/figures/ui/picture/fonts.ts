/** The page's own fonts inside a picture, since a picture can fetch none. */

interface Face {
  /** "style family" */
  name: string;
  weight: string;
  url: string;
}

function facesOfPage(): Face[] {
  const rules = Array.from(document.styleSheets).flatMap((sheet) =>
    Array.from(sheet.cssRules).flatMap((rule) => (rule instanceof CSSFontFaceRule ? { rule, sheet } : [])),
  );
  return rules.flatMap(({ rule: { style }, sheet }) => {
    const file = /url\(["']?([^"')]+)/.exec(style.getPropertyValue('src'))?.[1];
    if (!file) return [];
    const family = style.getPropertyValue('font-family').replace(/["']/g, '');
    const slant = style.getPropertyValue('font-style') || 'normal';
    const url = new URL(file, sheet.href ?? document.baseURI).href;
    return { name: `${slant} ${family}`, weight: style.getPropertyValue('font-weight'), url };
  });
}

/** Fonts as data, by address, from the first time that they were asked for. */
const kept = new Map<string, Promise<string | null>>();

function dataOf(url: string): Promise<string | null> {
  const known = kept.get(url);
  if (known) return known;
  const data = dataUrl(url).catch(() => null);
  kept.set(url, data);
  void data.then((got) => got === null && kept.delete(url)); // another try may well succeed
  return data;
}

/** Keeps the fonts that the page shows, so that pictures can be made when there is no network any more. */
export async function keepFonts(): Promise<void> {
  await document.fonts.ready;
  const shown = new Set(
    Array.from(document.fonts)
      .filter((face) => face.status === 'loaded')
      .map((face) => `${face.style} ${face.family.replace(/["']/g, '')}`),
  );
  for (const { name, url } of facesOfPage()) if (shown.has(name)) await dataOf(url);
}

/** @-rules for the faces that are asked for, as "style family"; what the page does not bring, or cannot reach, is left out. */
export async function fontFaces(wanted: ReadonlySet<string>): Promise<string> {
  const faces = facesOfPage().map(async ({ name, weight, url }) => {
    const data = wanted.has(name) ? await dataOf(url) : null;
    if (data === null) return '';
    const [slant, ...family] = name.split(' ');
    return `@font-face{font-family:"${family.join(' ')}";font-style:${slant};font-weight:${weight};src:url(${data})}`;
  });
  return (await Promise.all(faces)).join('');
}

async function dataUrl(url: string): Promise<string> {
  const response = await fetch(url, { cache: 'force-cache' }); // the page has shown it: however old, it is the same
  if (!response.ok) throw new Error(`${url} cannot be read`);
  const blob = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error(`${url} cannot be read`));
    reader.readAsDataURL(blob);
  });
}

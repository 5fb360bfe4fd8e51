/** The page's own fonts inside a picture, since a picture can fetch none. */

/** @-rules for the faces that are asked for, as "style family"; faces that the page does not bring are left out. */
export async function fontFaces(wanted: ReadonlySet<string>): Promise<string> {
  const rules = Array.from(document.styleSheets).flatMap((sheet) =>
    Array.from(sheet.cssRules).flatMap((rule) => (rule instanceof CSSFontFaceRule ? { rule, sheet } : [])),
  );
  const faces = rules.map(async ({ rule: { style }, sheet }) => {
    const family = style.getPropertyValue('font-family').replace(/["']/g, '');
    const slant = style.getPropertyValue('font-style') || 'normal';
    const file = /url\(["']?([^"')]+)/.exec(style.getPropertyValue('src'))?.[1];
    if (!file || !wanted.has(`${slant} ${family}`)) return '';
    const data = await dataUrl(new URL(file, sheet.href ?? document.baseURI));
    const weight = style.getPropertyValue('font-weight');
    return `@font-face{font-family:"${family}";font-style:${slant};font-weight:${weight};src:url(${data})}`;
  });
  return (await Promise.all(faces)).join('');
}

async function dataUrl(url: URL): Promise<string> {
  const blob = await (await fetch(url)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error(`${url.href} cannot be read`));
    reader.readAsDataURL(blob);
  });
}

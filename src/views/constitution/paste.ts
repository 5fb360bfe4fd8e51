/** Characters of a field that are read; more is no constitution. */
export const MOST_WRITTEN = 2000;

/**
 * Puts pasted lines into a field as one: a field of one line would swallow their ends, and with them where a principle
 * ends. False where what is pasted has one line only, which the browser does by itself.
 */
export function pasteLines(field: HTMLInputElement, event: ClipboardEvent): boolean {
  const pasted = event.clipboardData?.getData('text').trim() ?? '';
  if (!/[\n\r]/.test(pasted)) return false;
  event.preventDefault();
  const lines = pasted.replace(/\s*[\n\r]+\s*/g, '; ').slice(0, MOST_WRITTEN);
  const end = field.value.length;
  field.setRangeText(lines, field.selectionStart ?? end, field.selectionEnd ?? end, 'end');
  return true;
}

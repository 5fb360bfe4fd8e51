/** Numbers as comma-separated values. Pure. */

/** As many as a float of 32 bits holds: more would be noise. */
const DIGITS = 7;

/** As RFC 4180 has them; text that a spreadsheet would run as a formula is quoted away. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    if (typeof value === 'number') return `${Number(value.toPrecision(DIGITS))}`;
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

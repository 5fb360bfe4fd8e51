/** Numbers as the page writes them: true minus signs, no leading zero on correlations. */
import { format } from 'd3-format';

const MINUS = '−';
const plain = (digits: number) => format(`.${digits}f`);

/** 1.9 → "1.90", −1.9 → "−1.90". Never "−0.00". */
export function fixed(value: number, digits = 2): string {
  const text = plain(digits)(Math.abs(value));
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** With its sign: "+1.90", "−1.90", "0.00". */
export function signed(value: number, digits = 2): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A correlation: ".84", "−.06", "1.00". */
export function correlation(r: number): string {
  return fixed(r).replace(/^(−?)0\./, '$1.');
}

/** Half the width of a 95% interval, written like a correlation. */
export function halfWidth({ low, high }: { low: number; high: number }): string {
  return correlation((high - low) / 2);
}

/** 0.56 → "56%". */
export function percent(share: number, digits = 0): string {
  return `${plain(digits)(share * 100)}%`;
}

/** 171 234 → "171k". */
export function thousands(n: number): string {
  return n >= 1_000_000 ? `${plain(1)(n / 1e6)}M` : n >= 1000 ? `${Math.round(n / 1000)}k` : `${n}`;
}

/** Whole seconds, or minutes from 100 on: "about 12 s", "about 3 min". */
export function duration(seconds: number): string {
  return seconds < 100 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** How many times as often, with fewer digits where they say nothing. */
export function times(ratio: number): string {
  return ratio >= 100 ? format(',.0f')(ratio) : plain(ratio >= 10 ? 0 : 1)(ratio);
}

/** 2000 → "2,000". */
export const grouped = format(',.0f');

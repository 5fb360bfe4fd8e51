/** A number as people read it: to so many digits, with a true minus sign. */
export const significant = (x: number, digits: number): string =>
  `${Number(x.toPrecision(digits))}`.replace('-', '−');

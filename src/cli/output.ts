import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** Bad input: one clear line on stderr, nothing on stdout, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** One JSON object on stdout and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(
    `${JSON.stringify(value, (_key, x: unknown) => (ArrayBuffer.isView(x) ? [...(x as Float32Array)] : x))}\n`,
  );
}

/** Characters that a terminal would obey, or that would hide or turn what is said, written out: "\\u{1b}". */
const plain = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  );

/**
 * A line for people, on stderr: stdout is for results. Everything that the command line says passes here, since it may repeat
 * what it was given.
 */
export function say(line: string): void {
  process.stderr.write(`${plain(line)}\n`);
}

/** Progress with time left, on stderr: a bar on a terminal, a line now and then elsewhere. */
export interface ProgressLine {
  /** Share done, 0 … 1, and what to say beside it. */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Seconds between two lines where stderr is not a terminal. */
const QUIET_SECONDS = 15;

export function progressLine(label: string): ProgressLine {
  const started = Date.now();
  if (!process.stderr.isTTY) {
    let last = started;
    return {
      update(done, note = '') {
        if (Date.now() - last < QUIET_SECONDS * 1000) return;
        last = Date.now();
        const left = ((last - started) / 1000) * (1 / Math.max(done, 1e-6) - 1);
        say(`${label}: ${(100 * done).toFixed(1)}%, ${duration(left)} left ${note}`);
      },
      stop() {},
    };
  }
  const bars = new MultiBar(
    {
      format: `${label} {bar} {percentage}% · {eta_formatted} left {note}`,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const bar: SingleBar = bars.create(1000, 0, { note: '' });
  return {
    update: (done, note = '') => bar.update(Math.round(1000 * done), { note: plain(note) }),
    stop: () => bars.stop(),
  };
}

export function duration(seconds: number): string {
  const s = Math.round(seconds);
  return s < 90 ? `${s} s` : s < 5400 ? `${Math.round(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;
}

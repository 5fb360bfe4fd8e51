/** Does one thing that no visit may do. */
export const TROUBLES = {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  'code from a string': () => new Function('return 1'),
  'another host': () => fetch('https://example.org/'),
  'a missing file': () => fetch('nothing.json'),
  'an error in the console': () => console.error('an error'),
  'a worker from a blob': () => new Worker(URL.createObjectURL(new Blob(['']))),
};

export default async function trouble(kind: keyof typeof TROUBLES): Promise<void> {
  try {
    await TROUBLES[kind]();
  } catch {
    // the policy stops it, and the harness has to notice all the same
  }
  await new Promise((resolve) => setTimeout(resolve, 200)); // reports arrive late
}

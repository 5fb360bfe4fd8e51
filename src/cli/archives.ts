/** What the site brings along of where it comes from: code and data as archives, the same bytes from the same files. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** Of the repository's root only what is known to be the project's own: nobody's keys lie in it. */
const ROOT_FILES =
  /^(\.editorconfig|\.gitignore|\.prettierignore|\.prettierrc|LICENSE|README\.md|index\.html|package(-lock)?\.json|tsconfig.*\.json|[\w.]+\.config\.[jt]s)$/;
const SOURCE_FILES = /\.(ts|mts|mjs|js|svelte|css|json|md|svg|py|html)$/;
/** Compiled from what lies beside it. */
const BUILT = /^src\/kernels\/build\//;

/** The project's code, without what it was trained to and what it found. */
export function codeArchive(root: string): Uint8Array {
  const own = readdirSync(root, { withFileTypes: true })
    .filter((one) => one.isFile() && ROOT_FILES.test(one.name))
    .map(({ name }) => name);
  const below = ['src', 'test', 'docs'].flatMap((folder) => filesIn(root, folder));
  return archive(root, [...own, ...below.filter((path) => SOURCE_FILES.test(path) && !BUILT.test(path))]);
}

/** What the experiments found, and the model that the page runs, without the course of its training. */
export function dataArchive(root: string): Uint8Array {
  const data = join(root, 'public');
  const paths = ['experiments', 'models/base'].flatMap((folder) => filesIn(data, folder));
  return archive(
    data,
    paths.filter((path) => !path.includes('/moments/')),
  );
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}

function archive(root: string, paths: readonly string[]): Uint8Array {
  const files = Object.fromEntries(
    paths
      .toSorted()
      .map((path) => [path.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(root, path)))]),
  );
  return zipSync(files, { level: 9, mtime: '1980-01-01T00:00:00' });
}

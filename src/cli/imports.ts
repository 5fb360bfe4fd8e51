/**
 * Reads what source files import, with TypeScript's own parser: which room knows which, and which code decides what an
 * experiment finds.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import ts from 'typescript';

/** `type` is erased by the compiler; `url` names a file for `new Worker` or fetch, without loading its code. */
export type ImportKind = 'value' | 'dynamic' | 'type' | 'url';

export interface Import {
  kind: ImportKind;
  /** As written: a package, or a path with './' or '../'. */
  specifier: string;
  line: number;
}

export const SRC = resolve(import.meta.dirname, '..');

/** Paths below src, with '/', of its TypeScript and Svelte files; AssemblyScript is another language. */
export function sourceFiles(): string[] {
  return (readdirSync(SRC, { recursive: true }) as string[])
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('.as.ts'))
    .sort();
}

export function readSource(path: string): string {
  return readFileSync(join(SRC, path), 'utf8');
}

/** Keeps the scripts of a Svelte file and blanks its markup out, so that lines stay what they are. */
function scriptsOf(source: string): { scripts: string; markup: string } {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  let scripts = '';
  let markup = '';
  let end = 0;
  for (const match of source.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script>/g)) {
    const from = match.index + match[1].length;
    scripts += blank(source.slice(end, from)) + match[2];
    markup += source.slice(end, from) + blank(match[2]);
    end = from + match[2].length;
  }
  return { scripts: scripts + blank(source.slice(end)), markup: markup + source.slice(end) };
}

function importsOfNode(
  node: ts.Node,
): { kind: ImportKind; specifier: ts.Expression | undefined } | undefined {
  if (ts.isImportDeclaration(node)) {
    return { kind: node.importClause?.isTypeOnly ? 'type' : 'value', specifier: node.moduleSpecifier };
  }
  if (ts.isExportDeclaration(node)) {
    return { kind: node.isTypeOnly ? 'type' : 'value', specifier: node.moduleSpecifier };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { kind: 'type', specifier: node.argument.literal };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { kind: 'dynamic', specifier: node.arguments[0] };
  }
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === 'URL';
  if (isUrl && node.arguments?.[1]?.getText() === 'import.meta.url') {
    return { kind: 'url', specifier: node.arguments[0] };
  }
  return undefined;
}

/** Every import of a file's text. `path` tells by its ending whether it is Svelte. */
export function importsOf(path: string, source: string): Import[] {
  const { scripts, markup } = path.endsWith('.svelte') ? scriptsOf(source) : { scripts: source, markup: '' };
  const file = ts.createSourceFile(path, scripts, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Import[] = [];
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    const { kind, specifier } = importsOfNode(node) ?? {};
    if (kind && specifier && ts.isStringLiteralLike(specifier)) {
      found.push({ kind, specifier: specifier.text, line: lineOf(specifier.getStart()) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const match of markup.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) {
    found.push({ kind: 'dynamic', specifier: match[1], line: lineOf(match.index) });
  }
  return found;
}

/** The file below src which a relative import means, without Vite's ?query; undefined for a package. */
export function targetOf(path: string, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return join(dirname(path), specifier.replace(/\?.*$/, '')).split(sep).join('/');
}

/** What is loaded when a file is: `type` imports are erased, and a `url` names a file without loading it. */
const isLoaded = ({ kind }: Import): boolean => kind === 'value' || kind === 'dynamic';

/** Files below src that are loaded with one of them, itself too, in alphabetical order; and packages. */
export function closureOf(
  entry: string,
  read: (path: string) => string = readSource,
): { files: string[]; packages: string[] } {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const path of files)
    for (const found of importsOf(path, read(path)).filter(isLoaded)) {
      const target = targetOf(path, found);
      if (target) files.add(target);
      else packages.add(packageOf(found.specifier));
    }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** "@scope/name" of "@scope/name/file.js". */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** A file's code without its comments, however it is laid out. */
export function codeOf(path: string, source: string): string {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  return ts.createPrinter({ removeComments: true }).printFile(file);
}

/**
 * Hash of all code that is loaded with a file, comments and layout left out, and of the versions of the packages that it
 * loads: what is computed with the same hash is the same.
 */
export function codeHash(entry: string, read: (path: string) => string = readSource): string {
  const { files, packages } = closureOf(entry, read);
  const hash = createHash('sha256');
  for (const path of files) hash.update(JSON.stringify([path, codeOf(path, read(path))]));
  for (const name of packages) hash.update(JSON.stringify([name, versionOf(name)]));
  return hash.digest('hex').slice(0, 16);
}

function versionOf(name: string): string | null {
  const file = join(SRC, '../node_modules', name, 'package.json');
  if (!existsSync(file)) return null; // Node's own
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

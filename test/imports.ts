/** Reads what source files import, with TypeScript's own parser, for the tests of the architecture. */
import { readFileSync, readdirSync } from 'node:fs';
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

export const SRC = resolve(import.meta.dirname, '../src');

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

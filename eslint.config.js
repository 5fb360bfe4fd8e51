import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * What only a page has, forbidden.
 * @param {string} message
 * @returns {['error', ...{ name: string, message: string }[]]}
 */
const withoutPage = (message) => [
  'error',
  ...['document', 'window', 'localStorage', 'sessionStorage', 'requestAnimationFrame'].map((name) => ({
    name,
    message,
  })),
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'runs/', 'public/', 'src/kernels/build/', 'src/kernels/**/*.as.ts']),
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowArray: true }],
      '@typescript-eslint/unbound-method': 'off', // interfaces of ours write methods, and none of them uses `this`
      '@typescript-eslint/require-await': 'off', // what answers at once may stand for what takes its time
      'svelte/prefer-svelte-reactivity': 'off', // a Map that is a cache is not state
      'svelte/no-useless-mustaches': 'off', // {' '} keeps a space that a line break would lose
      'no-undef': 'off', // TypeScript says it better
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [ts.configs.disableTypeChecked] },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          // The page's policy blocks styles that are written into markup; those set by code are fine.
          selector: 'SvelteAttribute[key.name="style"][value.length=1][value.0.type="SvelteLiteral"]',
          message:
            'A fixed style attribute breaks the Content-Security-Policy: use a class or style:name={…}.',
        },
      ],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is an argument: take a Random.' },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/{words,figures,state,views,page,cli}/**'],
    rules: {
      'no-restricted-globals': withoutPage(
        'The engine runs in Node and in a worker, where there is no page.',
      ),
    },
  },
  {
    files: ['src/figures/**/layout.ts'],
    rules: {
      'no-restricted-globals': withoutPage(
        'Places are worked out from fields and sizes alone, also in Node.',
      ),
    },
  },
);

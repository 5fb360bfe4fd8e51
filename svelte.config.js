/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  compilerOptions: {
    // Our components use runes only; those of packages say for themselves.
    runes: ({ filename }) => (filename.split(/[\\/]/).includes('node_modules') ? undefined : true),
  },
};

// cli-table3 measures text with string-width, whose tables cost more than the table itself; it wants a function, not a namespace.
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export const lightStringWidth = {
  name: 'light-string-width',
  setup(builder) {
    const light = resolve(root, 'src/render/string-width.ts');
    builder.onResolve({ filter: /^string-width$/ }, () => ({ path: light, namespace: 'light-string-width' }));
    builder.onLoad({ filter: /.*/, namespace: 'light-string-width' }, () => ({
      contents: `module.exports = require(${JSON.stringify(light)}).default`,
      resolveDir: root,
      loader: 'js',
    }));
  },
};

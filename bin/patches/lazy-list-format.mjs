// What got checks its options with makes two list formatters when it is loaded, eleven milliseconds for the words of an error.
import { readFileSync } from 'node:fs';

export const lazyListFormat = {
  name: 'lazy-list-format',
  setup(builder) {
    builder.onLoad({ filter: /@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/ }, (args) => {
      const found = /= new Intl\.ListFormat\((.*)\);/g;
      const source = readFileSync(args.path, 'utf8');
      if ([...source.matchAll(found)].length !== 2)
        throw new Error(
          '@sindresorhus/is makes its list formatters in another way: see bin/patches/lazy-list-format.mjs',
        );
      return {
        contents: source.replaceAll(found, '= { format: (list) => new Intl.ListFormat($1).format(list) };'),
        loader: 'js',
      };
    });
  },
};

// got reads a few names of HTTP/2 when it is loaded, which loads all of it; fin speaks HTTP/1.1, and the names are the protocol's.
import { readFileSync } from 'node:fs';
import { constants } from 'node:http2';

export const http2Names = {
  name: 'http2-names',
  setup(builder) {
    builder.onLoad({ filter: /got[\\/]dist[\\/]source[\\/]core[\\/]utils[\\/]http2-client\.js$/ }, (args) => {
      const found = /const \{([A-Z\d_, ]+)\} = http2\.constants;/;
      const source = readFileSync(args.path, 'utf8');
      const names =
        found
          .exec(source)?.[1]
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean) ?? [];
      if (names.length === 0 || names.some((name) => constants[name] === undefined))
        throw new Error('got reads the names of HTTP/2 in another way: see bin/patches/http2-names.mjs');
      const values = Object.fromEntries(names.map((name) => [name, constants[name]]));
      return { contents: source.replace('= http2.constants;', `= ${JSON.stringify(values)};`), loader: 'js' };
    });
  },
};

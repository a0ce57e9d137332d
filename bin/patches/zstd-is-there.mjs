// got looks when it is loaded whether Node can unpack zstd, which loads all of zlib; every Node that fin runs on can.
import { readFileSync } from 'node:fs';
import { createZstdDecompress } from 'node:zlib';

export const zstdIsThere = {
  name: 'zstd-is-there',
  setup(builder) {
    builder.onLoad({ filter: /decompress-response(?:[\\/]index)?\.js$/ }, (args) => {
      const found = "typeof zlib.createZstdDecompress === 'function'";
      const source = readFileSync(args.path, 'utf8');
      if (source.split(found).length !== 2 || typeof createZstdDecompress !== 'function')
        throw new Error('got looks for zstd in another way: see bin/patches/zstd-is-there.mjs');
      return { contents: source.replace(found, 'true'), loader: 'js' };
    });
  },
};

// bottleneck waits for its turns of the event loop with timers of 0 ms, which Node makes 1 ms: six to a request that leaves at once.
import { readFileSync } from 'node:fs';

export const turnsWithoutTimers = {
  name: 'turns-without-timers',
  setup(builder) {
    builder.onLoad({ filter: /bottleneck[\\/]lib[\\/]LocalDatastore\.js$/ }, (args) => {
      const found = 'return setTimeout(resolve, t);';
      const source = readFileSync(args.path, 'utf8');
      if (source.split(found).length !== 2)
        throw new Error('bottleneck waits for its turns in another way: see bin/patches/turns-without-timers.mjs');
      return {
        contents: source.replace(found, 'return t > 0 ? setTimeout(resolve, t) : setImmediate(resolve);'),
        loader: 'js',
      };
    });
  },
};

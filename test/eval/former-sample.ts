// The sample market as it was when the answers of `answers/` were written: since then the level of implied volatility goes
// another way from session to session, and with it every price of an option. Import it before the market is loaded;
// `--sample now` leaves the market as it is.
import { registerHooks, stripTypeScriptTypes } from 'node:module';

const LEVEL_NOW = 'levelsOf(instrument)(sessionDate) * termFactor(years)';
const LEVEL_THEN =
  'instrument.volatility * (1.02 + 0.04 * normalAt(hashText(instrument.symbol), LEVEL_SALT, weekdayIndex(sessionDate)) + 0.05 * Math.exp(-years * 12))';

const isNow = process.argv.join(' ').includes('--sample now');

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (isNow || !url.endsWith('/src/sample/options.ts')) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString('utf8');
    if (!source.includes(LEVEL_NOW)) throw new Error(`the level of volatility is computed in another way in ${url}`);
    return {
      ...loaded,
      format: 'module',
      source: stripTypeScriptTypes(source.replace(LEVEL_NOW, LEVEL_THEN)),
      shortCircuit: true,
    };
  },
});

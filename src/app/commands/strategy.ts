// fin strategy: prices an option strategy, by name or leg by leg.
// Apart from the other data commands, which do not load it.
import { parseTickerSymbol } from '../../domain/symbols.ts';
import { answerStrategy } from '../../tools/strategy.ts';
import { parseStrategy } from '../../tools/strategy-words.ts';
import type { Prepare } from './prepare.ts';

export const prepareStrategy: Prepare = ({ words: [symbol = '', ...name], options }) => {
  const request = parseStrategy(parseTickerSymbol(symbol), name.join(' '), options);
  return (context) => answerStrategy(request, context);
};

// fin strategy: prices an option strategy, by name or leg by leg.
// Apart from the other data commands, which do not load it.
import { answerStrategy } from '../../tools/strategy.ts';
import { parseStrategy } from '../../tools/strategy-words.ts';
import { type Prepare, parseOneSymbol } from './prepare.ts';

export const prepareStrategy: Prepare = ({ words: [symbol = '', ...name], options }) => {
  const request = parseStrategy(parseOneSymbol([symbol]), name.join(' '), options);
  return (context) => answerStrategy(request, context);
};

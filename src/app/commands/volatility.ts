// fin vol: volatility of one symbol as a sheet, of several side by side.
// Apart from the other data commands, which do not load it.
import { parseSymbolList } from '../../domain/symbols.ts';
import { answerVolatility } from '../../tools/volatility.ts';
import { type Prepare, answerEach } from './prepare.ts';

export const prepareVolatility: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  const [only] = symbols;
  if (only !== undefined && symbols.length === 1) return (context) => answerVolatility(only, context);
  return (context) => answerEach(symbols, (symbol) => answerVolatility(symbol, context, { isBrief: true }));
};

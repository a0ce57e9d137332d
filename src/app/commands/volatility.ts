// fin vol: volatility of one symbol as a sheet, of several side by side.
// Apart from the other data commands, which do not load it.
import { parseSymbolList } from '../../domain/symbols.ts';
import { answerVolatility } from '../../tools/volatility.ts';
import { type Prepare, answerOneOrEach } from './prepare.ts';

export const prepareVolatility: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  const isBrief = symbols.length > 1;
  return (context) => answerOneOrEach(symbols, (symbol) => answerVolatility(symbol, context, { isBrief }));
};

// fin levels: support and resistance of one or more symbols, from their newest price.
// Apart from the other data commands, which do not load it.
import { parseSymbolList } from '../../domain/symbols.ts';
import { answerLevels } from '../../tools/levels.ts';
import { type Prepare, answerEach } from './data.ts';

export const prepareLevels: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return (context) => answerEach(symbols, (symbol) => answerLevels(symbol, context));
};

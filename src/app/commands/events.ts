// fin events, fin news and fin search: what happens to a company, what is written about it, and what it is called.
// Apart from the other data commands, which do not load them.
import { parseSymbolList } from '../../domain/symbols.ts';
import { answerEvents } from '../../tools/events.ts';
import { answerNews, answerSearch, parseSearchWords } from '../../tools/news.ts';
import { type Prepare, answerOneOrEach, parseOneSymbol } from './prepare.ts';

export const prepareEvents: Prepare = ({ words }) => {
  const symbols = parseSymbolList(words);
  return (context) => answerOneOrEach(symbols, (symbol) => answerEvents(symbol, context));
};

export const prepareNews: Prepare = ({ words }) => {
  const asked = parseOneSymbol(words);
  return (context) => answerNews(asked, context);
};

export const prepareSearch: Prepare = ({ words }) => {
  const asked = parseSearchWords(words);
  return (context) => answerSearch(asked, context);
};

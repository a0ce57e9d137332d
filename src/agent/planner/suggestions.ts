// Questions that the planner does answer, chosen by the words that they share with one that it does not.
import { lexQuestion } from './lexer.ts';

const EXAMPLES = `
price of NVDA
AAPL, MSFT and NVDA quotes
biggest gainer among AAPL, MSFT and NVDA
highest volume among NVDA, AMD and TSLA today
who is closest to its 52 week high, NVDA or AMD
what did SPY close at yesterday
how did NVDA do last week
SPY last 5 trading days
AAPL weekly bars for the past 6 months
compare NVDA and AMD over the past month
technical indicators of SPY
rsi and macd of AMD
is NVDA above its 200 day average
which of NVDA and AMD is above its 200 day average
which has the higher RSI, NVDA or AMD
support and resistance of SPY
technical analysis of TSLA
option expirations of AAPL
SPY call chain this Friday
SPY 650 call Friday
delta of the NVDA 400 put next monthly
when is the next monthly expiration of TSLA
NVDA puts next monthly, 5 strikes
option walls of SPY this Friday
max pain of NVDA this Friday
expected move of TSLA this Friday
overview of AMD
is the market open
`;

const MOST_SUGGESTIONS = 3;
/** Words that say nothing of what a question is about. */
const COMMON = new Set([
  'of',
  'the',
  'is',
  'what',
  'did',
  'how',
  'do',
  'at',
  'and',
  'for',
  'its',
  'a',
  'in',
  'on',
  'this',
  'among',
]);

/** The examples nearest to a question, best first, as `"a", "b"`: so many as fit in `maxChars`. The first ones where nothing is shared. */
export function suggestQuestions(question: string, maxChars: number): string {
  return nearestQuestions(question)
    .map((each) => `"${each}"`)
    .reduce(
      (list, each) => (list === '' ? each : list.length + 2 + each.length <= maxChars ? `${list}, ${each}` : list),
      '',
    );
}

function nearestQuestions(question: string): string[] {
  const words = new Set(
    lexQuestion(question)
      .map((word) => word.text)
      .filter((word) => !COMMON.has(word)),
  );
  const examples = EXAMPLES.trim().split('\n');
  const shared = (example: string): number => lexQuestion(example).filter((word) => words.has(word.text)).length;
  return examples
    .map((example, index) => ({ example, index, score: shared(example) }))
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ example }) => example);
}

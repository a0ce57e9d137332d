// What a refused question is answered with: the nearest one that works, as one would ask it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../../src/agent/planner/planner.ts';
import { type Plan, type Refusal, isRefusal } from '../../../src/agent/planner/query.ts';

const planner = createPlanner({ clock: { now: () => Date.parse('2026-11-19T11:00:00-05:00') } });
const asked = (turns: readonly string[]) => turns.map((content) => ({ role: 'user' as const, content }));

function read(...turns: string[]): Plan | Refusal {
  return planner.read(turns.at(-1) ?? '', asked(turns.slice(0, -1)));
}

/** What is suggested for the last of some questions, which is refused. */
function suggested(...turns: string[]): string | undefined {
  const plan = read(...turns);
  if (!isRefusal(plan)) throw new Error(`answered: ${turns.join(' … ')}`);
  return plan.instead;
}

describe('a suggestion', () => {
  it.each([
    ['leaves out a word that is not known', 'rsi and zygomorphic of nvda', 'RSI 14 of NVDA'],
    ['keeps several symbols', 'zygomorphic iv rank of aapl, msft and nvda', 'IV rank of AAPL, MSFT and NVDA'],
    ['keeps a contract whole', 'is the zork of the 450 nvda put dec 18 ok', 'NVDA 450 put dec 18'],
    ['keeps side, delta and date', 'Sell 5 of the Dec 18 SPY 30-delta puts.', '5 of the Dec 18 SPY 30 delta puts'],
    ['keeps a period', 'why did tsla drop in october', 'change of TSLA in october'],
    ['keeps a condition', 'is the whatsit of spy above its 50 day', 'SPY above 50 day'],
    ['takes two strikes of one side', 'iwm 220 or 225 put dec 18, which zorks more', 'IWM 220 or 225 put dec 18'],
    ['takes the clause that is understood', 'zork the quux of it all, what is the rsi of amd', 'RSI 14 of AMD'],
    ['names a symbol by its letters', 'pepsico zork volume', 'volume of PEP'],
    [
      'keeps a name whose symbol is a word too',
      'compare costco and target past year zork',
      'compare costco and target past year',
    ],
    ['takes a word for a symbol where nothing else is one', 'ta: de', 'ta DE'],
    ['shows what there is of a forecast', 'how will NVDA do next week', 'expected move of NVDA next week'],
    ['shows no past for the future', 'will spy go green by close', 'expected move of SPY friday'],
    ['shows what there is of advice', 'should I buy TSLA', 'technical analysis of TSLA'],
  ])('%s: %s', (_title, question, instead) => {
    expect(suggested(question)).toBe(instead);
  });

  it.each([
    ['rsi zork of nvda and amd except msft', 'RSI 14 of NVDA and AMD'],
    ['spy past year, drawdown not needed', 'SPY past year'],
    ['spy return without dividends past year', 'change of SPY past year'],
    ['spy puts but not the weeklies', 'SPY puts'],
  ])('leaves out what is excepted with the word that excepts it: %s', (question, instead) => {
    expect(suggested(question)).toBe(instead);
  });

  it.each([
    ['treasury etf (tlt) lowest close 2026 + date + distance to it now', 'how far is TLT from its lowest close 2026'],
    ['smh zork at the 10 day low from zork', 'SMH at the 10 day low'],
  ])('ends with no word that something should follow: %s', (question, instead) => {
    expect(suggested(question)).toBe(instead);
  });

  it('has no mark twice', () => {
    const turns = ['Rate of change 10d: hood, sofi, coin, afrm', 'drop afrm, add pypl, use 20 zork'];
    expect(suggested(...turns)).not.toMatch(/[,;:] *[,;:]/);
  });

  it('is none where nothing is understood', () => {
    expect(suggested('xyzzy')).toBeUndefined();
  });
});

describe('after a refused question', () => {
  it.each([
    [['zorkmid of qqq rsi', 'and tsla'], 'RSI 14 of TSLA'],
    [['nvda 400p dec 18 zork', 'the 390s?'], 'NVDA 390 put dec 18'],
    [['nvda 400p dec 18 zork', 'the 390s?', 'jan 15'], 'NVDA 390 put jan 15'],
    [['compare iv rank aapl msft zork nvda', 'without aapl'], 'IV rank of MSFT and NVDA'],
  ])('a follow-up leans on its suggestion: %s', (turns, instead) => {
    expect(suggested(...turns)).toBe(instead);
  });

  it.each([
    [['rsi zork of nvda', 'yes'], ['NVDA'], ['rsi14']],
    [['rsi zork of nvda', 'ok, do that', 'and amd?'], ['AMD'], ['rsi14']],
  ])('yes asks its suggestion: %s', (turns, symbols, columns) => {
    const plan = read(...turns);
    expect(isRefusal(plan) ? plan.message : plan.parts[0]).toMatchObject({ symbols, columns });
  });

  it.each([
    [['zork of KO dec 18 70 put', 'its iv?'], { symbols: ['KO'], expiration: '2026-12-18', strike: [70], side: 'put' }],
    [['zork of KO dec 18 70 put', 'the 75 put'], { symbols: ['KO'], expiration: '2026-12-18', strike: [75] }],
    [['zork of KO dec 18 puts', 'calls'], { symbols: ['KO'], expiration: '2026-12-18', side: 'call' }],
    [['zork of KO and PEP', 'which has higher iv rank'], { symbols: ['KO', 'PEP'], rank: { order: 'highest' } }],
    [
      ['KO jan 15 70 put mid', 'x100 x4 zork', 'when do they report'],
      { symbols: ['KO'], columns: ['nextEarnings', 'daysToEarnings'] },
    ],
  ])('what a question of its own lacks is what was named for sure: %s', (turns, part) => {
    const plan = read(...turns);
    expect(isRefusal(plan) ? plan.message : plan.parts[0]).toMatchObject(part);
    expect(plan).toMatchObject({ taken: expect.arrayContaining(['KO']) as unknown });
  });

  it.each([
    [['expected move', 'spy dec 18'], { symbols: ['SPY'], columns: ['expectedMove', 'expectedMovePercent'] }],
    [['iv rank of ko and pep', 'resistance for that one?', 'pep'], { symbols: ['PEP'], form: 'levels' }],
    [['which did better last month', 'ko and pep'], { symbols: ['KO', 'PEP'], range: 'last month' }],
  ])('what it asked back is answered by the next line: %s', (turns, part) => {
    const plan = read(...turns);
    expect(isRefusal(plan) ? plan.message : plan.parts[0]).toMatchObject(part);
  });

  it.each([
    [['zork of KO 75 put', 'same for friday']],
    [['zork of KO and PEP', 'which is higher']],
    [['zork of KO dec 18 puts', 'what about delta']],
    [['rsi of KO', 'zork', 'and that?', 'pep']],
  ])('what was not understood is not asked of something else: %s', (turns) => {
    expect(read(...turns)).toMatchObject({ refused: 'unclear' });
  });

  it('yes asks its suggestion past the note that nothing was answered', () => {
    const note = { role: 'assistant' as const, content: '(no answer: question not understood)' };
    const plan = planner.read('yes', [...asked(['rsi zork of nvda']), note]);
    expect(plan).toMatchObject({ parts: [{ symbols: ['NVDA'], columns: ['rsi14'] }] });
  });

  it('yes to a question that was answered asks nothing', () => {
    expect(isRefusal(read('rsi of nvda', 'yes'))).toBe(true);
  });

  it('the suggestion is read as it was meant when it is typed', () => {
    const turns = ['which has the fattest zork iv, amd or sofi'];
    const instead = suggested(...turns) ?? '';
    const plan = read(...turns, instead);
    expect(isRefusal(plan) ? plan.message : plan.parts[0]).toMatchObject({ symbols: ['AMD', 'SOFI'] });
  });
});

describe('of any question', () => {
  const SYMBOLS = ['NVDA', 'SPY', 'TSLA', 'AMD', 'KO'];
  const WORDS = fc.constantFrom(
    ...['zork', 'quux', 'why', 'should i', 'news', 'rsi', 'volume', 'iv rank', 'highest', 'above', '50 day', 'friday'],
    ...['dec 18', 'past month', '400 call', '30 delta', 'puts', 'straddle', 'and', ',', 'how many days', 'not', 'its'],
    ...['support', 'expected move', 'up more', 'average', 'earnings', 'open interest', '20', 'vs', 'the', 'between'],
  );

  it('a suggestion works when typed next, keeps the symbols and is not long', () => {
    const symbolLists = fc.uniqueArray(fc.constantFrom(...SYMBOLS), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(symbolLists, fc.array(WORDS, { maxLength: 8 }), (symbols, words) => {
        const question = [...words.slice(0, 4), symbols.join(', '), ...words.slice(4)].join(' ');
        const plan = read(question);
        // What is excepted may be a symbol.
        if (!isRefusal(plan) || words.includes('not')) return;
        const { instead = '' } = plan;
        expect(instead, question).toMatch(/^.{1,90}$/);
        const typed = read(question, instead);
        const told = isRefusal(typed) ? typed.message : typed.parts.flatMap((part) => part.symbols);
        expect(told, `${question} → ${instead}`).toEqual(expect.arrayContaining(symbols));
      }),
      { numRuns: 150 },
    );
  });
});

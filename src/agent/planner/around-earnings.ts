// The expirations around an earnings report: `first weekly after it reports`, `a 16 delta strangle into earnings`.
import { type Make, type Rule, has, lineOf, only, rewrite, rule } from './patterns.ts';
import type { Token } from '../words/tokens.ts';

const REPORT = '<f:nextEarnings(?:,daysToEarnings)?>';
const isOfReport = (token: Token): boolean => token.is === 'field' && token.names.includes('nextEarnings');

/** `first weekly after it reports`, `last expiration before nvda earnings`, `a 16 delta strangle into earnings`. */
const aroundReport: Make = (own, all) => {
  const text = own.map((token) => token.text).join(' ');
  const [word] = /\b(?:before|prior to|ahead of|after|following|past|into|through|over|for)\b/i.exec(text) ?? [];
  const [kind] = /\b(?:weekl|month|opex)/i.exec(text) ?? [];
  const side = /^(?:before|prior|ahead)/i.test(word ?? '') ? 'before' : 'after';
  const isOfTrade =
    has(all, 'side', 'strike', 'strategy', 'deltaOf') ||
    all.some((token) => token.is === 'field' && /expectedMove|straddle/.test(token.names.join()));
  const isNamed = has(own, 'date', 'interval', 'form');
  const isOther = own.some(
    (token) => token.is === 'date' && !/^(?:next )?(?:week|month)ly$/.test(token.expiration ?? ''),
  );
  if (word === undefined || isOther || (!isNamed && (!isOfTrade || side === 'before'))) return undefined;
  return [
    {
      is: 'date',
      expiration: `${kind === undefined ? '' : kind === 'weekl' ? 'weekly ' : 'monthly '}${side} earnings`,
    },
    ...(isOfTrade ? [] : [{ is: 'form' as const, form: 'expiry' }]),
    ...only(own, 'symbol'),
  ];
};

const NOUN = '<f:last>|<top>|<nearest>|first|next|the|that|for|nearest|listed* <symbol>? <date>|<interval>|<form>*';
const AROUND =
  'right|just|immediately|the|is|comes* after|<given>|before|following|past|into|through|over|for|<relation>|prior|to|ahead|of*';
const OF_EARNINGS: readonly Rule[] = [
  rule(`${NOUN} ${AROUND} the|its|their|next|<symbol>|<them>|it|they* ${REPORT}`, aroundReport),
  rule(
    `${NOUN} right|just|the* (?:after|before|into|through|past|on|around)_(?:the_|its_|next_)*(?:earnings|er)`,
    aroundReport,
  ),
  rule(`${REPORT} =<f:expectedMove[^>]*>|<f:straddle>`, () => [{ is: 'date', expiration: 'after earnings' }]),
];
/** Where a report was spoken of: `the weekly after it`. */
const OF_THAT_REPORT = rule(`${NOUN} ${AROUND} it|that|then|<them>|this`, aroundReport);

export function withReport(tokens: readonly Token[], isAfterReport: boolean): readonly Token[] {
  const isSpokenOf = isAfterReport || tokens.some(isOfReport);
  return [...OF_EARNINGS, ...(isSpokenOf ? [OF_THAT_REPORT] : [])].reduce(
    (turned, each) => rewrite(turned, lineOf(turned), each),
    tokens,
  );
}

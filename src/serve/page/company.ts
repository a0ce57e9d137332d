// What happens to a company: dates of dividends, splits and earnings, and headlines. Words of strangers are text, and a
// link only where it is one that a browser may follow.
import type { EventsData, HeadlineData } from '../../domain/answers.ts';
import { formatDate, formatExchangeTime, formatPrice } from '../../render/format.ts';
import { facts, h, type Child, type FactItem } from './dom.ts';

/** @param now of the figures: what lies before it has been */
export function events(
  { dividends, splits, earnings, unavailable = [] }: EventsData,
  now = new Date().toISOString(),
): Child {
  const [dividend] = dividends;
  const [split] = splits;
  const times = { before_open: 'before the open', after_close: 'after the close', unknown: '' };
  const said = (earnings ?? [])
    .slice(0, 2)
    .map(({ date, time, confirmed }): FactItem => [
      date < now.slice(0, 10) ? 'Last earnings' : 'Next earnings',
      [formatDate(date), times[time], confirmed ? '' : 'not confirmed'].filter((piece) => piece !== '').join(', '),
    ]);
  return [
    facts([
      ...said,
      [
        'Ex-dividend',
        dividend === undefined ? undefined : `${formatDate(dividend.exDate)}, ${formatPrice(dividend.amount)} a share`,
      ],
      ['Paid', dividend?.payDate === undefined ? undefined : formatDate(dividend.payDate)],
      ['Last split', split === undefined ? undefined : `${formatDate(split.date)}, ${split.to} for ${split.from}`],
    ]),
    said.length === 0 &&
      dividend === undefined &&
      split === undefined &&
      h('p', { class: 'faint' }, 'No dividends, splits or earnings are known.'),
    unavailable.map(({ kind, why }) => h('p', { class: 'faint' }, `${kind}: ${why}`)),
  ];
}

export function news(items: readonly HeadlineData[]): HTMLElement {
  if (items.length === 0) return h('p', { class: 'faint' }, 'No news.');
  const signs = { positive: '▲', negative: '▼', neutral: '·' };
  return h(
    'ul',
    { class: 'news' },
    items.map(({ title, url, publisher, publishedAt, sentiment }) =>
      h(
        'li',
        {},
        url !== undefined && /^https?:\/\//i.test(url)
          ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, title)
          : h('span', {}, title),
        h(
          'small',
          {},
          `${publisher}, ${formatExchangeTime(publishedAt)}`,
          sentiment !== undefined && ` ${signs[sentiment]} ${sentiment}`,
        ),
      ),
    ),
  );
}

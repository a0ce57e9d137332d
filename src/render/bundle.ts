// A bundle on screen: quote, indicators and nearest chain of one symbol, one section each.
// A part that failed has no section: its error is said on standard error.
import type { BundleData } from '../domain/answers.ts';
import { viewChain } from './chain.ts';
import { viewIndicators } from './indicators.ts';
import { viewQuotes } from './quote.ts';
import { wrapPieces } from './text.ts';
import type { RenderOptions, View } from './view.ts';

export function viewBundle(bundle: BundleData, options: RenderOptions): View {
  const quote = bundle.quote === undefined ? undefined : viewQuotes([bundle.quote], options);
  const sections = [
    ...(bundle.ta === undefined ? [] : [viewIndicators([bundle.ta], options)]),
    ...(bundle.chain === undefined ? [] : [viewChain(bundle.chain, undefined, options)]),
  ];
  return {
    caption: quote === undefined ? [bundle.symbol, 'bundle'] : quote.caption,
    lines: [...(quote?.lines ?? []), ...sections.flatMap((section) => ['', ...renderSection(section, options)])],
  };
}

function renderSection(section: View, { theme, width }: RenderOptions): string[] {
  const heading = wrapPieces(section.caption.slice(1), width).map((line) => theme.paint('strong', line));
  return [...heading, ...section.lines];
}

// A view between its caption and what is said below it: remarks, and where the figures come from.
// Apart from the views, so that a command that knows what it draws loads no others.
import { combineMetas } from '../domain/answer-meta.ts';
import type { Answer } from '../domain/answers.ts';
import { type RenderOptions, type View, renderCaption, renderFooter, renderNotes } from './view.ts';

export function frame(view: View, answers: readonly Answer[], options: RenderOptions): string[] {
  return [...frameInParts(view, answers, options)].flat();
}

/** Part by part, for who must hear of deadlines in between. */
export function* frameInParts(view: View, answers: readonly Answer[], options: RenderOptions): Generator<string[]> {
  const meta = combineMetas(answers.map((answer) => answer.meta));
  const notes = renderNotes(
    answers.flatMap((answer) => answer.notes),
    options,
  );
  const footer = renderFooter(meta, options);
  const head = [...renderCaption(view.caption, meta.sample, options), ...view.lines];
  const foot = [...(notes.length + footer.length > 0 ? [''] : []), ...notes, ...footer];
  if (view.more === undefined) {
    yield [...head, ...foot];
    return;
  }
  yield head;
  yield* view.more();
  yield foot;
}

// What the views and the page around them know of each other.
// A view is made when it is first looked at and stays; it loads anew when its address changes.
export interface View {
  title: string;
  node: HTMLElement;
  /** Shown, with what stands behind its name in the address: `#/chain/NVDA/2026-12-04`. */
  show(parts: readonly string[]): void;
  hide?(): void;
  /** The field that `/` or `s` leads to. */
  focus?(): void;
  /** On Esc. @returns whether there was something to end */
  cancel?(): boolean;
}

export interface Page {
  /** The symbol that was looked at last; every view begins with it. */
  symbol(): string;
  goTo(...parts: string[]): void;
  /** For who hears the page. */
  say(text: string): void;
}

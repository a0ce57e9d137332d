// The login form: who comes here has no valid token, so nothing that an earlier one was shown may stay in this browser.
// Says where the token was wrong, or tried too often.
import { forgetAll } from './store.ts';

/** The page offers to log out where somebody has logged in. */
const LOGGED_IN = 'fin.loggedIn';

await forgetAll();
const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
const problem =
  visit?.responseStatus === 429
    ? 'Too many attempts. Wait a few seconds, then log in again.'
    : location.search === '?wrong'
      ? 'Wrong token. Check FIN_SERVE_TOKEN on the server.'
      : undefined;
const shown = document.querySelector<HTMLElement>('#wrong');
if (shown !== null && problem !== undefined) {
  shown.hidden = false;
  shown.textContent = problem;
}
document.querySelector('form')?.addEventListener('submit', () => localStorage.setItem(LOGGED_IN, 'yes'));

// The login form: who comes here has no valid token, so nothing that an earlier one was shown may stay in this browser.
// Says where the token was wrong.
import { forgetAll } from './store.ts';

/** The page offers to log out where somebody has logged in. */
const LOGGED_IN = 'fin.loggedIn';

await forgetAll();
if (location.search === '?wrong') {
  const wrong = document.querySelector<HTMLElement>('#wrong');
  if (wrong !== null) {
    wrong.hidden = false;
    wrong.textContent = 'Wrong token. Check FIN_SERVE_TOKEN on the server.';
  }
}
document.querySelector('form')?.addEventListener('submit', () => localStorage.setItem(LOGGED_IN, 'yes'));

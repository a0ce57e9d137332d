// Who is asked, as it is written with every entry: told apart by address and environment, without a key of the address.
import { expect, it } from 'vitest';
import { identityOf } from '../../src/providers/identity.ts';

it('tells addresses apart by their path without holding it, because a gateway’s key may stand there', () => {
  const plain = identityOf('tradier', 'https://api.tradier.com/v1/', 'production');
  const one = identityOf('tradier', 'https://gateway.example/key-0123456789', 'production');
  const other = identityOf('tradier', 'https://gateway.example/key-9876543210', 'production');
  expect(plain).toBe('tradier https://api.tradier.com production');
  expect(one).toMatch(/^tradier https:\/\/gateway\.example\/[\da-f]{16} production$/);
  expect(other).not.toBe(one);
});

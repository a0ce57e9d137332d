// Which requests go through the environment's proxy: all but this machine's, what NO_PROXY names in any of its forms, and
// a scheme without a proxy.
import { describe, expect, it } from 'vitest';
import { chooseProxy } from '../../src/http/proxy.ts';

const HOST = 'http://api.example.com:8080/v1';
const isDirect = (address: string, noProxy?: string): boolean =>
  chooseProxy(address, {
    HTTP_PROXY: 'http://proxy:3128/',
    HTTPS_PROXY: 'http://proxy:3128/',
    ...(noProxy === undefined ? {} : { NO_PROXY: noProxy }),
  }) === undefined;

describe('a proxy', () => {
  it.each([
    'example.com',
    '.example.com',
    '*.example.com',
    'api.example.com',
    'API.Example.COM',
    'api.example.com:8080',
    'example.com.',
    'other.org, example.com',
    'other.org example.com',
    ' .example.com ',
    '*',
  ])('is not used where NO_PROXY=%j names the host', (entry) => {
    expect(isDirect(HOST, entry)).toBe(true);
  });

  it.each(['ample.com', 'xapi.example.com', 'api.example.com:9', '*.api.example.com', 'com.', ',', '.', '10.0.0.0/8'])(
    'is used where NO_PROXY=%j names others',
    (entry) => {
      expect(isDirect(HOST, entry)).toBe(entry === 'com.');
    },
  );

  it.each([
    ['http://10.9.8.7:81/', '10.9.8.7', true],
    ['http://10.9.8.7:81/', '10.0.0.0/8', true],
    ['http://10.9.8.7:81/', '10.9.8.1-10.9.8.9', true],
    ['http://10.9.8.7:81/', '10.9.8.7:82', false],
    ['http://10.9.8.7:81/', '11.0.0.0/8', false],
    ['http://10.9.8.7:81/', '10.0.0.0/99', false],
    ['http://10.9.8.7:81/', '8.7', false],
    ['http://[fd00::1]:81/', 'fd00::1', true],
    ['http://[fd00::1]:81/', '[fd00::1]', true],
    ['http://[fd00::1]:81/', '[fd00::1]:81', true],
    ['http://[fd00::1]:81/', '[fd00::1]:82', false],
    ['http://[fd00::1]:81/', 'fd00::/8', true],
    ['http://[fd00::1]:81/', 'fe80::/10', false],
    ['https://api.example.com/', 'example.com:443', true],
  ])('is used for %s with NO_PROXY=%s: not %s', (address, entry, expected) => {
    expect(isDirect(address, entry)).toBe(expected);
  });

  it.each(['localhost', 'localhost.', '127.0.0.1', '127.1', '[::1]', '[::ffff:127.0.0.1]'])(
    'is never used for this machine: %s',
    (host) => {
      expect(isDirect(`http://${host}:4000/`)).toBe(true);
    },
  );

  it('is one of its scheme', () => {
    expect(chooseProxy('http://a.example/', { HTTPS_PROXY: 'http://p/' })).toBeUndefined();
    expect(chooseProxy('https://a.example/', { HTTPS_PROXY: 'http://p/', NO_PROXY: 'b.example' })).toEqual({
      HTTPS_PROXY: 'http://p/',
    });
  });
});

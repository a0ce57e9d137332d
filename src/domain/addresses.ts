// Which hosts are this machine itself: what runs here may be asked with any key, and never through a proxy.
// Names and addresses as a parsed URL spells them.

export function isLoopback(host: string): boolean {
  return /^(?:localhost\.?|\[::1\]|127\.\d+\.\d+\.\d+|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/.test(host);
}

// A stream of events by itself: what a client that does not read costs, and when it is over.
import { describe, expect, it } from 'vitest';
import { createEventStream } from '../../src/serve/sse.ts';

describe('a stream of events', () => {
  it('is cut before a client that does not read fills the memory', () => {
    let gone = 0;
    const stream = createEventStream({ redact: (text) => text, onGone: () => (gone += 1) });
    let sent = 0;
    while (gone === 0 && sent < 100) {
      stream.send('quotes', 'x'.repeat(64 * 1024));
      sent += 1;
    }
    expect(sent).toBeLessThan(20);
    stream.send('quotes', 'nobody hears it');
    stream.close();
    expect(gone).toBe(1);
  });

  it('writes one line of data an event, without keys', async () => {
    const stream = createEventStream({ redact: (text) => text.replaceAll('secret', '***'), onGone: () => undefined });
    stream.send('text', { piece: 'a\n\nb secret' });
    stream.close();
    expect(await new Response(stream.body).text()).toBe('event: text\ndata: {"piece":"a\\n\\nb ***"}\n\n');
  });

  it('hears that its reader has gone', async () => {
    let gone = 0;
    const stream = createEventStream({ redact: (text) => text, onGone: () => (gone += 1) });
    await stream.body.cancel();
    expect(gone).toBe(1);
  });
});

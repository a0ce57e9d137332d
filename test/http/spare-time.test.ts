import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createSpareTime } from '../../src/http/spare-time.ts';

/** Time that passes when the test says so: at most one task is ever planned. */
function createTime() {
  let planned: { task: () => void; delayMs: number } | undefined;
  const failures: unknown[] = [];
  return {
    failures,
    spareTime: createSpareTime({
      onFailure: (name, error) => failures.push([name, error]),
      later: (task, delayMs) => {
        const own = { task, delayMs };
        planned = own;
        return () => {
          if (planned === own) planned = undefined;
        };
      },
    }),
    isPlanned: () => planned !== undefined,
    /** Lets the planned task run; gives after how long it would have. */
    pass: (): number | undefined => {
      const now = planned;
      planned = undefined;
      now?.task();
      return now?.delayMs;
    },
  };
}

describe('spare time', () => {
  it('does nothing while no request travels', () => {
    const { spareTime, isPlanned } = createTime();
    spareTime.use('a', () => expect.unreachable());
    expect(isPlanned()).toBe(false);
  });

  it('does one task in a turn of the event loop, the newest first, once the requests have left', () => {
    const { spareTime, pass, isPlanned } = createTime();
    const done: string[] = [];
    spareTime.use('oldest', () => done.push('oldest'));
    spareTime.use('newest', () => done.push('newest'));
    spareTime.begin();
    spareTime.begin();
    expect(done).toEqual([]);
    expect(pass()).toBeGreaterThan(0);
    expect(done).toEqual(['newest']);
    expect(pass()).toBe(0);
    expect(done).toEqual(['newest', 'oldest']);
    expect(isPlanned()).toBe(false);
  });

  it('waits anew when another request leaves, so that the next one need not wait for a task', () => {
    const { spareTime, pass } = createTime();
    const done: number[] = [];
    spareTime.use('a', () => done.push(1), 2);
    spareTime.begin();
    pass();
    spareTime.begin();
    expect(pass()).toBeGreaterThan(0);
    expect(done).toEqual([1, 1]);
  });

  it('leaves the rest undone when the last answer is there, and goes on with the next request', () => {
    const { spareTime, pass, isPlanned } = createTime();
    const done: string[] = [];
    spareTime.use('later', () => done.push('later'));
    spareTime.use('first', () => done.push('first'));
    const [endOne, endOther] = [spareTime.begin(), spareTime.begin()];
    endOne();
    pass();
    endOther();
    expect(isPlanned()).toBe(false);
    expect(done).toEqual(['first']);
    spareTime.begin();
    pass();
    expect(done).toEqual(['first', 'later']);
  });

  it('counts an end once, however often it is told', () => {
    const { spareTime, isPlanned } = createTime();
    spareTime.use('a', () => undefined);
    const end = spareTime.begin();
    spareTime.begin();
    end();
    end();
    expect(isPlanned()).toBe(true);
  });

  it('does a task as often as it was asked for, and what has the same name no more often', () => {
    const { spareTime, pass } = createTime();
    const done: string[] = [];
    spareTime.use('twice', () => done.push('twice'), 2);
    spareTime.use('twice', () => done.push('again'), 2);
    spareTime.begin();
    while (pass() !== undefined);
    expect(done).toEqual(['twice', 'twice']);
  });

  it('takes back what is not done yet, and gives its name free', () => {
    const { spareTime, pass } = createTime();
    const done: string[] = [];
    const takeBack = spareTime.use('a', () => done.push('first'), 2);
    spareTime.use('a', () => done.push('dropped'))();
    takeBack();
    spareTime.use('a', () => done.push('second'));
    spareTime.begin();
    while (pass() !== undefined);
    expect(done).toEqual(['second']);
  });

  it('keeps the name of what is done, also when that is taken back', () => {
    const { spareTime, pass } = createTime();
    const done: string[] = [];
    const takeBack = spareTime.use('a', () => done.push('first'));
    spareTime.begin();
    pass();
    takeBack();
    spareTime.use('a', () => done.push('second'));
    expect(pass()).toBeUndefined();
    expect(done).toEqual(['first']);
  });

  it('tells of a task that fails, at once or later, and goes on with the next', async () => {
    const { spareTime, pass, failures } = createTime();
    const done: string[] = [];
    const [broken, late] = [new Error('broken'), new Error('late')];
    spareTime.use('next', () => done.push('next'));
    spareTime.use('late', () => Promise.reject(late));
    spareTime.use('broken', () => {
      throw broken;
    });
    spareTime.begin();
    while (pass() !== undefined);
    await setImmediate();
    expect(done).toEqual(['next']);
    expect(failures).toEqual([
      ['broken', broken],
      ['late', late],
    ]);
  });

  it('takes what is asked for while a request travels already', () => {
    const { spareTime, pass } = createTime();
    const done: string[] = [];
    spareTime.begin();
    spareTime.use('late', () => done.push('late'));
    pass();
    expect(done).toEqual(['late']);
  });
});

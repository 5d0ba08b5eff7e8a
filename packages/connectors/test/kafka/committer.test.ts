import type { Position } from '@apf/core';
import { FakeClock, settle } from '@apf/core/testing';
import { Committer } from '../../src/kafka/committer.js';
import { LogBook } from './kafka-fixture.js';

const at = (offset: number): Position[] => [{ topic: 'ztf', partition: 0, offset }];
const kafkaError = (code: number): Error => Object.assign(new Error('said the broker'), { code });
const [REQUEST_TIMED_OUT, UNKNOWN_MEMBER, GROUP_REFUSED] = [7, 25, 30];

describe('Committer', () => {
  const gone = new Set<string>();
  afterEach(() => gone.clear());
  const make = (retries = 5): { committer: Committer; sent: number[]; clock: FakeClock; log: LogBook } => {
    const [sent, clock, log]: [number[], FakeClock, LogBook] = [[], new FakeClock(), new LogBook()];
    const committer = new Committer({
      send: ([position]) => sent.push(position?.offset ?? -1),
      owned: (next) => next.filter((position) => !gone.has(position.topic)),
      retries,
      scene: () => ({ brokers: 'localhost:9092', group: 'my-group' }),
      logger: log,
      clock,
      signal: new AbortController().signal,
    });
    return { committer, sent, clock, log };
  };

  it('resolves only when the broker has confirmed', async () => {
    const { committer } = make();
    let confirmed = false;
    const commit = committer.commit(at(5)).then((result) => (confirmed = result));
    await settle();
    expect(confirmed).toBe(false);
    committer.answered(undefined);
    expect(await commit).toBe(true);
  });

  it('sends one commit at a time, in order', async () => {
    const { committer, sent } = make();
    const commits = [committer.commit(at(5)), committer.commit(at(9))];
    await settle();
    expect(sent).toEqual([5]);
    committer.answered(undefined);
    await settle();
    expect(sent).toEqual([5, 9]);
    committer.answered(undefined);
    expect(await Promise.all(commits)).toEqual([true, true]);
  });

  it('tries again after a passing error, with growing pauses', async () => {
    const { committer, sent, clock } = make();
    const commit = committer.commit(at(5));
    for (const pause of [100, 200]) {
      await settle();
      committer.answered(kafkaError(REQUEST_TIMED_OUT));
      await clock.advance(pause - 1);
      const before = sent.length;
      await clock.advance(1);
      expect(sent).toHaveLength(before + 1);
    }
    committer.answered(undefined);
    expect(await commit).toBe(true);
  });

  it('does not try again for partitions that were given back meanwhile', async () => {
    const { committer, sent, clock } = make();
    const commit = committer.commit([...at(5), { topic: 'deleted', partition: 0, offset: 7 }]);
    await settle();
    gone.add('ztf');
    committer.answered(kafkaError(REQUEST_TIMED_OUT));
    await clock.advance(100);
    expect(sent).toEqual([5, 7]);
    gone.add('deleted');
    committer.answered(kafkaError(REQUEST_TIMED_OUT));
    await clock.advance(200);
    expect(await commit).toBe(false);
    expect(sent).toEqual([5, 7]);
  });

  it('gives up after COMMIT_RETRY attempts more', async () => {
    const { committer, sent, clock } = make(2);
    const commit = committer.commit(at(5));
    const failed = expect(commit).rejects.toMatchObject({ name: 'RetryableError', code: 'APF_BROKER' });
    for (let attempt = 0; attempt < 3; attempt++) {
      await settle();
      committer.answered(kafkaError(REQUEST_TIMED_OUT));
      await clock.advance(1000);
    }
    await failed;
    expect(sent).toEqual([5, 5, 5]);
  });

  it('does not fail where another member owns the partitions already', async () => {
    const { committer, log } = make();
    const commit = committer.commit(at(5));
    await settle();
    committer.answered(kafkaError(UNKNOWN_MEMBER));
    expect(await commit).toBe(false);
    expect(log.matching(/another owner/)).toHaveLength(1);
  });

  it('fails for good where the group is refused, and goes on to the next commit', async () => {
    const { committer, sent } = make();
    const commit = committer.commit(at(5));
    await settle();
    committer.answered(kafkaError(GROUP_REFUSED));
    await expect(commit).rejects.toMatchObject({ name: 'FatalError', code: 'APF_AUTHORIZATION' });
    void committer.commit(at(9));
    await settle();
    expect(sent).toEqual([5, 9]);
  });
});

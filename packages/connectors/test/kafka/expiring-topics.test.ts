import { ExpiringTopics } from '../../src/kafka/expiring-topics.js';
import { LogBook } from './kafka-fixture.js';

const HOUR = 3_600_000;

describe('ExpiringTopics', () => {
  const make = (dropUnread = false): { expiring: ExpiringTopics; log: LogBook } => {
    const log = new LogBook();
    const expiring = new ExpiringTopics({ logger: log, dropUnread });
    expiring.want(['ztf_19', 'ztf_20'], 0);
    return { expiring, log };
  };

  it('keeps a topic that left the window, the oldest first', () => {
    const { expiring } = make();
    expiring.want(['ztf_20', 'ztf_21'], HOUR);
    expect(expiring.topics).toEqual(['ztf_19', 'ztf_20', 'ztf_21']);
    expect(expiring.leaving).toEqual(['ztf_19']);
  });

  it('drops it once nothing remains to be read', () => {
    const { expiring, log } = make();
    expiring.want(['ztf_20'], 0);
    expect(expiring.report('ztf_19', 12, HOUR)).toBe(false);
    expect(expiring.report('ztf_19', 0, 2 * HOUR)).toBe(true);
    expect(expiring.topics).toEqual(['ztf_20']);
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      [
        'info',
        "topic 'ztf_19' is no longer in the strategy's window; it is kept until read: 12 alerts remain",
      ],
      ['info', "topic 'ztf_19' is dropped: it is read to its end and committed"],
    ]);
  });

  it('drops it when the broker has it no more', () => {
    const { expiring } = make();
    expiring.want(['ztf_20'], 0);
    expect(expiring.report('ztf_19', 'gone', 1)).toBe(true);
    expect(expiring.topics).toEqual(['ztf_20']);
  });

  it('drops it after a day with one error that counts what was left', () => {
    const { expiring, log } = make();
    expiring.want(['ztf_20'], HOUR);
    expect(expiring.report('ztf_19', 12, 25 * HOUR - 1)).toBe(false);
    expect(expiring.report('ztf_19', 9, 25 * HOUR)).toBe(true);
    expect(expiring.topics).toEqual(['ztf_20']);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors).toEqual([
      {
        level: 'error',
        fields: { code: 'APF_DROPPED_UNREAD', topic: 'ztf_19', remaining: 9 },
        message: "topic 'ztf_19' left the strategy's window a day ago and is dropped with 9 alerts unread",
      },
    ]);
  });

  it('drops it after a day though the broker never told what remains', () => {
    const { expiring, log } = make();
    expiring.want(['ztf_20'], 0);
    expect(expiring.expire(24 * HOUR - 1)).toBe(false);
    expect(expiring.expire(24 * HOUR)).toBe(true);
    expect(expiring.leaving).toEqual([]);
    expect(log.matching(/an unknown number of alerts unread/)).toHaveLength(1);
  });

  it('takes it back when the strategy gives it again', () => {
    const { expiring } = make();
    expiring.want(['ztf_20'], 0);
    expiring.want(['ztf_19', 'ztf_20'], HOUR);
    expect(expiring.leaving).toEqual([]);
    expect(expiring.report('ztf_19', 0, 2 * HOUR)).toBe(false);
    expect(expiring.topics).toEqual(['ztf_19', 'ztf_20']);
  });

  it('says what remains every ten minutes, not at each look', () => {
    const { expiring, log } = make();
    expiring.want(['ztf_20'], 0);
    for (let minute = 0; minute <= 20; minute++) expiring.report('ztf_19', 12, minute * 60_000);
    expect(log.matching(/12 alerts remain/)).toHaveLength(3);
  });

  it('keeps nothing with DROP_UNREAD', () => {
    const { expiring } = make(true);
    expiring.want(['ztf_20'], 0);
    expect(expiring.topics).toEqual(['ztf_20']);
  });
});

import fc from 'fast-check';
import { currentTopic, describeTopics, FixedTopics, UsageError } from '@apf/core';

const now = new Date('2026-11-22T00:00Z');
const line = (topics: string | string[]): string => {
  try {
    new FixedTopics(topics, 'CONSUMER_CONFIG.TOPICS');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no error';
};

describe('FixedTopics', () => {
  it('takes comma-separated text and lists, without repeats', () => {
    expect(new FixedTopics('ztf, atlas ,ztf,').topics()).toEqual(['ztf', 'atlas']);
    expect(new FixedTopics(['ztf', ' atlas']).topics()).toEqual(['ztf', 'atlas']);
    expect(new FixedTopics('ztf').nextChange()).toBeNull();
  });

  it('passes regular expressions on, commas inside their brackets too', () => {
    expect(new FixedTopics('^ztf_[0-9]{7,8}_.*,^(a,b)[,x],plain').topics()).toEqual([
      '^ztf_[0-9]{7,8}_.*',
      '^(a,b)[,x]',
      'plain',
    ]);
  });

  it('describes itself', () => {
    expect(describeTopics(new FixedTopics('ztf, atlas'), now)).toBe('topics ztf, atlas');
  });

  it('gives a producer its one topic, and refuses several', () => {
    expect(currentTopic(new FixedTopics('ztf'), now)).toBe('ztf');
    expect(() => currentTopic(new FixedTopics('ztf,atlas'), now)).toThrow(
      'a producer writes to one topic, but its TOPIC_STRATEGY gives ["ztf","atlas"]',
    );
  });

  it.each<[string | string[], string]>([
    [
      'stamp_classifier_*',
      "'stamp_classifier_*' is not a topic name; write the regular expression '^stamp_classifier_.*'",
    ],
    ['a.b?', "'a.b?' is not a topic name; write the regular expression '^a\\.b.'"],
    [
      'stamp_classifier_%s',
      "'stamp_classifier_%s' holds %s: a stream with a topic a day is read with TOPIC_STRATEGY and its 'topic_format'",
    ],
    [
      ['a b'],
      "'a b' is not a legal topic name: Kafka allows letters, digits, dot, underscore and dash, 249 at most",
    ],
    ['^ztf_\\d+', "'^ztf_\\d+' uses \\d, which Kafka's client does not know; write [0-9]"],
    ['^(?:ztf)', "'^(?:ztf)' uses (?…), which Kafka's client does not know; write a plain group (…)"],
    ['^ztf[', "'^ztf[' is not a regular expression (unterminated character class)"],
  ])('refuses %s and says what to write', (topics, message) => {
    expect(line(topics)).toBe(`CONSUMER_CONFIG.TOPICS: ${message}`);
  });

  it.each([
    [
      'an expression of 10 MB',
      [`^${'(a+)+'.repeat(2_000_000)}$`],
      'is a regular expression of 10000002 characters',
    ],
    ['a name of 10 MB', ['a'.repeat(10_000_000)], 'is not a legal topic name'],
    ['a glob of 10 MB', ['*'.repeat(10_000_000)], 'is not a legal topic name'],
    ['10 MB of commas', ','.repeat(10_000_000), 'has 10000000 characters'],
    ['a control character', ['ztf\u001b[2J'], "'ztf\\u001b[2J' is not a legal topic name"],
  ])('refuses %s at once, in one short line', (_, topics, message) => {
    expect(line(topics)).toContain(message);
    expect(line(topics).length).toBeLessThan(600);
  });

  it('refuses an empty list', () => {
    expect(line(' , ')).toBe('CONSUMER_CONFIG.TOPICS names no topic');
  });

  it('takes every legal name and nothing that Kafka would refuse', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9._-]{1,249}$/), (name) => {
        fc.pre(name !== '.' && name !== '..');
        expect(new FixedTopics([name]).topics()).toEqual([name]);
      }),
    );
    for (const name of ['.', '..', 'x'.repeat(250), 'ñ', 'a/b']) {
      expect(line([name])).toContain('is not a legal topic name');
    }
  });
});

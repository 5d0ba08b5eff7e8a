import RdKafka from 'node-rdkafka';
import { consumerAcls } from '../../src/administration/acl.js';
import { StreamWatch, type StreamWatchOptions } from '../../src/administration/stream-watch.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { produceAs } from '../cluster/try-access.js';

onRealKafka('admin', 'a watched stream', (kafka) => {
  const topic = uniqueName('alerts');
  const group = uniqueName('readers');
  const sent = Array.from({ length: 8 }, (_, hour) => Date.UTC(2026, 2, 1, hour));
  let now = Date.UTC(2026, 2, 1, 8);
  const open: StreamWatch[] = [];
  const watch = (options: StreamWatchOptions = {}, login = {}): StreamWatch => {
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const made = new StreamWatch({ servers: kafka.bootstrapServers, ...login }, { clock, ...options });
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  beforeAll(async () => {
    await kafka.createTopic(topic, { partitions: 2 });
    const producer = new RdKafka.Producer({ 'bootstrap.servers': kafka.bootstrapServers, dr_cb: true });
    producer.setPollInterval(20);
    await new Promise<void>((resolve) => producer.connect({}, () => resolve()));
    const delivered = new Promise<void>((resolve) => {
      let left = sent.length;
      producer.on('delivery-report', () => --left === 0 && resolve());
    });
    for (const time of sent) {
      producer.produce(topic, 0, Buffer.from('alert'), null, time);
      // Each in a batch of its own, as a broker knows times.
      await new Promise<void>((resolve, reject) =>
        producer.flush(10_000, (error) => (error ? reject(new Error(error.message)) : resolve())),
      );
    }
    await delivered;
    await new Promise((resolve) => producer.disconnect(resolve));
    await kafka.reset({ group, members: [], moves: [{ topic, partition: 0, from: null, to: 3 }] });
  });

  it('tells what is there, who is behind, and how late: without reading a message', async () => {
    const snapshot = await watch({ topics: [topic], groups: [group] }).sample();
    expect(snapshot.unseen).toEqual([]);
    expect(snapshot.topics).toEqual([
      {
        topic,
        messages: 8,
        rate: null,
        newest: sent[7],
        latency: 3600,
        partitions: [
          { partition: 0, begin: 0, end: 8, rate: null, newest: sent[7] },
          { partition: 1, begin: 0, end: 0, rate: null, newest: null },
        ],
      },
    ]);
    expect(snapshot.groups).toMatchObject([{ group, state: 'EMPTY', type: 'classic', members: [] }]);
    const [reading] = snapshot.groups[0]!.topics;
    expect(reading).toMatchObject({
      topic,
      lag: 5,
      partitions: [
        { partition: 0, committed: 3, lag: 5, client: null },
        { partition: 1, committed: null, lag: 0, committedTime: null, latency: null },
      ],
    });
    // The newest committed message is the third, of 02:00, six hours ago; 5 % of that are 18 minutes.
    expect(Math.abs(reading!.latency! - 6 * 3600)).toBeLessThan(18 * 60);
  });

  it('a group for which nothing waits is not late, however old the newest message is', async () => {
    const done = uniqueName('up-to-date');
    await kafka.reset({ group: done, members: [], moves: [{ topic, partition: 0, from: null, to: 8 }] });
    const { groups } = await watch({ topics: [topic], groups: [done] }).sample();
    expect(groups[0]!.topics).toMatchObject([
      {
        lag: 0,
        latency: null,
        partitions: [{ committed: 8, committedTime: sent[7], latency: null }, { committed: null }],
      },
    ]);
  });

  it('tells how fast messages come and are committed, and keeps what it saw for a while', async () => {
    const fast = uniqueName('fast');
    await kafka.createTopic(fast);
    await produceAs({ servers: kafka.bootstrapServers }, fast, 'a', 'b');
    const reader = uniqueName('reader');
    await kafka.reset({
      group: reader,
      members: [],
      moves: [{ topic: fast, partition: 0, from: null, to: 0 }],
    });
    const watched = watch({ topics: [fast], groups: [reader], keep: 3 });
    await watched.sample();
    now += 2_000;
    await produceAs({ servers: kafka.bootstrapServers }, fast, ...Array.from({ length: 10 }, String));
    await kafka.reset({ group: reader, members: [], moves: [{ topic: fast, partition: 0, from: 0, to: 8 }] });
    const { topics, groups } = await watched.sample();
    expect(topics[0]).toMatchObject({ messages: 12, rate: 5 });
    expect(groups[0]!.topics[0]).toMatchObject({ lag: 4, rate: 4 });
    now += 2_000;
    await watched.sample();
    expect(watched.history.map(({ topics: [one] }) => one?.messages)).toEqual([12, 12]);
    expect(watched.history[0]!.groups).toMatchObject([{ group: reader, topic: fast, lag: 4, rate: 4 }]);
  });

  it('names who holds a partition', async () => {
    const consumer = new RdKafka.KafkaConsumer(
      { 'bootstrap.servers': kafka.bootstrapServers, 'client.id': 'reader', 'group.id': uniqueName('live') },
      { 'auto.offset.reset': 'earliest' },
    );
    await new Promise<void>((resolve) => consumer.connect({}, () => resolve()));
    consumer.subscribe([topic]);
    const first = (): Promise<unknown> =>
      new Promise((resolve) => consumer.consume(1, (_error, [message]) => resolve(message)));
    while (!(await first())) continue;
    const { groups } = await watch({ topics: [topic] }).sample();
    const live = groups.find(({ group: name }) => name.startsWith('live'));
    expect(live).toMatchObject({ state: 'STABLE', members: [{ client: 'reader', partitions: 2 }] });
    expect(live?.topics[0]?.partitions.map(({ client }) => client)).toEqual(['reader', 'reader']);
    await new Promise<void>((resolve) => consumer.disconnect(() => resolve()));
  });

  it('shows a user what it may see, and says what it may not', async () => {
    const user = uniqueName('reader');
    await kafka.addUser(user, 'correct horse', 'SCRAM-SHA-512');
    await kafka.addAcls(consumerAcls({ user, topics: [topic], groups: [group] }));
    const login = { servers: kafka.saslServers, username: user, password: 'correct horse' };
    const all = await watch({}, login).sample();
    expect(all.topics.map((one) => one.topic)).toEqual([topic]);
    expect(all.groups.map((one) => [one.group, one.topics[0]?.lag])).toEqual([[group, 5]]);
    const named = await watch({ topics: [topic, 'hidden'], groups: [group, '^secret'] }, login).sample();
    expect(named.unseen).toEqual([
      "there is no topic 'hidden', or this user may not see it",
      'no group matches ^secret, or this user may not see it',
    ]);
  });

  it('says in one line that the broker does not answer, and asks again where it was', async () => {
    const away = watch({}, { servers: '127.0.0.1:1' });
    await expect(away.sample()).rejects.toThrow(
      /^the broker cannot be watched: the broker 127\.0\.0\.1:1 cannot be/,
    );
    await expect(away.sample()).rejects.toThrow(/cannot be reached/);
  });
});

import RdKafka from 'node-rdkafka';
import { resetTarget } from '../../src/administration/reset-target.js';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { produceAs } from '../cluster/try-access.js';

onRealKafka('admin', 'consumer groups', (kafka) => {
  const topic = uniqueName('alerts');
  const times: number[] = [];

  beforeAll(async () => {
    await kafka.createTopic(topic, { partitions: 2 });
    await produceAs({ servers: kafka.bootstrapServers }, topic, ...Array.from({ length: 10 }, String));
    await kafka.deleteRecords(topic, 0, 2);
  });

  /** A member that has read and committed partition 0 up to `offset`, and stays until it is ended. */
  async function member(
    group: string,
    offset: number,
    protocol: object = { 'session.timeout.ms': 6000 },
  ): Promise<() => Promise<void>> {
    const consumer = new RdKafka.KafkaConsumer(
      {
        'bootstrap.servers': kafka.bootstrapServers,
        'client.id': 'reader',
        'group.id': group,
        log_level: 0,
        ...protocol,
      },
      { 'auto.offset.reset': 'earliest' },
    );
    await new Promise<void>((resolve) => consumer.connect({}, () => resolve()));
    consumer.subscribe([topic]);
    await new Promise<void>((resolve, reject) => {
      const poll = (): void => {
        consumer.consume(1, (error: RdKafka.LibrdKafkaError | null, messages: RdKafka.Message[]) => {
          if (error) reject(new Error(error.message));
          else if (messages[0]) resolve();
          else poll();
        });
      };
      poll();
    });
    consumer.commitSync({ topic, partition: 0, offset });
    return () => new Promise((resolve) => consumer.disconnect(() => resolve()));
  }

  async function restingAt(offset: number): Promise<string> {
    const group = uniqueName('group');
    await kafka.reset({ group, members: [], moves: [{ topic, partition: 0, from: null, to: offset }] });
    return group;
  }

  const committed = async (group: string): Promise<(number | null)[]> =>
    (await kafka.describeGroup(group)).positions.map((position) => position.committed);

  it('are described with members, positions and lag', async () => {
    const group = uniqueName('group');
    const leave = await member(group, 4);
    const { state, members, positions } = await kafka.describeGroup(group);
    expect({ state, members, positions }).toEqual({
      state: 'STABLE',
      members: [
        {
          member: expect.stringMatching(/^reader-/),
          client: 'reader',
          host: expect.stringContaining('127.0.0.1'),
          partitions: [
            { topic, partition: 0 },
            { topic, partition: 1 },
          ],
        },
      ],
      positions: [
        { topic, partition: 0, committed: 4, latest: 10, lag: 6 },
        { topic, partition: 1, committed: null, latest: 0, lag: 0 },
      ],
    });
    expect(await kafka.listGroups()).toContainEqual({ group, state: 'STABLE', type: 'classic' });
    await leave();
  });

  it('with active members are neither moved nor deleted, and their members are named', async () => {
    const group = uniqueName('group');
    const leave = await member(group, 4);
    const refusal = new RegExp(`^group '${group}' has active members: stop reader at 127\\.0\\.0\\.1 first`);
    const plan = await kafka.planReset(group, { kind: 'earliest' });
    expect(plan.members).toHaveLength(1);
    await expect(kafka.reset(plan)).rejects.toThrow(refusal);
    await expect(kafka.deleteGroup(group)).rejects.toThrow(refusal);
    expect(await committed(group)).toEqual([4, null]);
    await leave();
    await kafka.reset(plan);
    expect(await committed(group)).toEqual([2, null]);
  });

  it.each([
    ['earliest', 2],
    ['latest', 10],
    ['7', 7],
    ['0', 2],
    ['99', 10],
    ['+3', 8],
    ['+99', 10],
    ['-1', 4],
    ['-99', 2],
    ['2020-01-01', 2],
    ['2100-01-01', 10],
  ])('at 5 of 2 to 10 move to %s: %i, and only when it is done', async (to, offset) => {
    const group = await restingAt(5);
    const plan = await kafka.planReset(group, resetTarget(to));
    expect(plan).toEqual({ group, members: [], moves: [{ topic, partition: 0, from: 5, to: offset }] });
    expect(await committed(group)).toEqual([5, null]);
    await kafka.reset(plan);
    expect(await committed(group)).toEqual([offset, null]);
  });

  it('move to the first message of a time or later', async () => {
    const dated = uniqueName('dated');
    await kafka.createTopic(dated);
    const producer = new RdKafka.Producer({ 'bootstrap.servers': kafka.bootstrapServers, dr_cb: true });
    producer.setPollInterval(20);
    await new Promise<void>((resolve) => producer.connect({}, () => resolve()));
    for (let hour = 0; hour < 5; hour++) times.push(Date.UTC(2026, 2, 1, hour));
    const delivered = new Promise<void>((resolve) => {
      let left = times.length;
      producer.on('delivery-report', () => --left === 0 && resolve());
    });
    for (const time of times) producer.produce(dated, 0, Buffer.from('alert'), null, time);
    await delivered;
    await new Promise((resolve) => producer.disconnect(resolve));
    const plan = await kafka.planReset(uniqueName('new'), resetTarget('2026-03-01T02:30:00Z'), [dated]);
    expect(plan.moves).toEqual([{ topic: dated, partition: 0, from: null, to: 3 }]);
  });

  it('are deleted once; one that is not there is named', async () => {
    const group = await restingAt(5);
    expect(await kafka.deleteGroup(group)).toBe(true);
    expect(await kafka.deleteGroup(group)).toBe(false);
    expect((await kafka.listGroups()).map((one) => one.group)).not.toContain(group);
    await expect(kafka.describeGroup(group)).rejects.toThrow(`there is no group '${group}'`);
    await expect(kafka.planReset(group, { kind: 'latest' })).rejects.toThrow(`there is no group '${group}'`);
    await expect(kafka.planReset(group, { kind: 'latest' }, ['no/topic'])).rejects.toThrow(
      `there is no topic 'no/topic'`,
    );
  });

  it('of the newer protocol are known too', async () => {
    const group = uniqueName('group');
    const leave = await member(group, 4, { 'group.protocol': 'consumer' });
    expect(await kafka.listGroups()).toContainEqual({ group, state: 'STABLE', type: 'consumer' });
    expect(await kafka.describeGroup(group)).toMatchObject({
      state: 'STABLE',
      members: [
        {
          client: 'reader',
          host: expect.stringContaining('127.0.0.1'),
          partitions: [
            { topic, partition: 0 },
            { topic, partition: 1 },
          ],
        },
      ],
      positions: [{ partition: 0, committed: 4, lag: 6 }, { partition: 1 }],
    });
    await expect(kafka.deleteGroup(group)).rejects.toThrow(/has active members: stop reader at /);
    await leave();
    const plan = await kafka.planReset(group, { kind: 'earliest' });
    await kafka.reset(plan);
    expect(await committed(group)).toEqual([2, null]);
    expect(await kafka.deleteGroup(group)).toBe(true);
  });
});

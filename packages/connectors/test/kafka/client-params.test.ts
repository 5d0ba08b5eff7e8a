import { consumerParams, offsetReset, producerParams } from '../../src/kafka/client-params.js';

const minimal = { 'bootstrap.servers': 'localhost:9092', 'group.id': 'g' };

describe('parameters of the Kafka clients', () => {
  it('let the user decide all but what the source depends on', () => {
    const { global, topic } = consumerParams(
      {
        ...minimal,
        'fetch.queue.backoff.ms': 50,
        'sasl.mechanism': 'SCRAM-SHA-512',
        'enable.auto.commit': true,
        'auto.offset.reset': 'latest',
      },
      { eof: false },
    );
    expect(global).toMatchObject({
      'fetch.queue.backoff.ms': 50,
      'sasl.mechanism': 'SCRAM-SHA-512',
      'partition.assignment.strategy': 'cooperative-sticky',
      'queued.max.messages.kbytes': 65_536,
      'enable.auto.commit': false,
    });
    expect(topic).toEqual({ 'auto.offset.reset': 'earliest' });
  });

  it('look for new topics every 10 s at the latest', () => {
    const refresh = (value: number): unknown =>
      consumerParams({ ...minimal, 'topic.metadata.refresh.interval.ms': value }, { eof: false }).global[
        'topic.metadata.refresh.interval.ms'
      ];
    expect([300_000, 1_000, -1].map(refresh)).toEqual([10_000, 1_000, 10_000]);
  });

  it('name no assignor where the broker assigns', () => {
    const { global } = consumerParams({ ...minimal, 'group.protocol': 'consumer' }, { eof: false });
    expect(global).not.toHaveProperty('partition.assignment.strategy');
  });

  it('make the member static with an instance', () => {
    const { global } = consumerParams(minimal, { eof: false, groupInstance: 'pod-3' });
    expect(global['group.instance.id']).toBe('pod-3');
  });

  it('put what belongs to topics where node-rdkafka heeds it', () => {
    const { global, topic } = producerParams({ 'bootstrap.servers': 'x', 'message.timeout.ms': 5000 });
    expect(topic).toEqual({ acks: 'all', 'message.timeout.ms': 5000 });
    expect(global).toMatchObject({ 'enable.idempotence': true, 'message.max.bytes': 16_777_216 });
  });

  it('leave room in the queue for the largest message', () => {
    const { global } = producerParams({ 'bootstrap.servers': 'x', 'message.max.bytes': 100_000_000 });
    expect(Number(global['queue.buffering.max.kbytes']) * 1024).toBeGreaterThan(100_000_000);
  });

  it.each([
    [{ 'group.id': 'g' }, "PARAMS['bootstrap.servers'] is missing"],
    [{ 'bootstrap.servers': 'x' }, "PARAMS['group.id'] is missing"],
    [{ ...minimal, rebalance_cb: () => undefined }, "PARAMS['rebalance_cb'] must be text"],
  ])('refuse %j', (params, message) => {
    expect(() => consumerParams(params, { eof: false })).toThrow(message);
  });

  it.each([
    [undefined, 'earliest'],
    ['beginning', 'earliest'],
    ['smallest', 'earliest'],
    ['end', 'latest'],
    ['none', 'error'],
  ])('take %s as a reset to %s', (given, reset) => {
    expect(offsetReset({ 'auto.offset.reset': given })).toBe(reset);
  });

  it('refuse another reset', () => {
    expect(() => offsetReset({ 'auto.offset.reset': 'newest' })).toThrow('is "newest"; write \'earliest\'');
  });
});

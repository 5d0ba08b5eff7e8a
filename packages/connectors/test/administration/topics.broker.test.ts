import { UsageError } from '@apf/core';
import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { produceAs } from '../cluster/try-access.js';

onRealKafka('admin', 'topics', (kafka) => {
  it('are made once, however often that is asked', async () => {
    const topic = uniqueName('topic');
    expect(await kafka.ensureTopic(topic, { partitions: 2, config: { 'retention.ms': '3600000' } })).toBe(
      true,
    );
    expect(await kafka.ensureTopic(topic, { partitions: 5 })).toBe(false);
    expect(await kafka.listTopics()).toContainEqual({ topic, partitions: 2, replicas: 1 });
  });

  it('are described with leaders, offsets and what was configured for them', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { partitions: 2, config: { 'retention.ms': '3600000' } });
    await produceAs({ servers: kafka.bootstrapServers }, topic, 'a', 'b', 'c');
    await kafka.deleteRecords(topic, 0, 1);
    const replicas = [1];
    expect(await kafka.describeTopic(topic)).toEqual({
      topic,
      partitions: 2,
      replicas: 1,
      partitionDetails: [
        { partition: 0, leader: 1, replicas, inSync: replicas, earliest: 1, latest: 3 },
        { partition: 1, leader: 1, replicas, inSync: replicas, earliest: 0, latest: 0 },
      ],
      config: { 'retention.ms': '3600000' },
    });
  });

  it('are deleted once, and gone then', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic);
    expect(await kafka.dropTopic(topic)).toBe(true);
    expect(await kafka.dropTopic(topic)).toBe(false);
    await expect(kafka.describeTopic(topic)).rejects.toMatchObject({
      code: 'APF_TOPIC',
      message: `there is no topic '${topic}'`,
    });
  });

  it('cannot be made with what the broker does not have', async () => {
    const topic = uniqueName('topic');
    await expect(kafka.createTopic(topic, { replicas: 3 })).rejects.toThrow(/could not be made: .*replica/i);
    await expect(kafka.createTopic(topic, { config: { 'retention.hours': '1' } })).rejects.toThrow(
      `topic ${topic} could not be made: Unknown topic config name: retention.hours`,
    );
  });

  it.each([
    '../etc',
    'a/b',
    'a\\b',
    'a b',
    'a\u0000b',
    'a\u001b[2Jb',
    'a\nb',
    '',
    '.',
    '..',
    'x'.repeat(250),
    'Ω',
  ])('with the hostile name %j is refused before the broker hears of it', async (name) => {
    for (const attempt of [
      () => kafka.createTopic(name),
      () => kafka.dropTopic(name),
      () => kafka.describeTopic(name),
    ]) {
      const error = await attempt().then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error).toBeInstanceOf(UsageError);
      expect(error?.message).toMatch(/is not a legal topic name/);
      // eslint-disable-next-line no-control-regex -- none may reach a terminal
      expect(error?.message).not.toMatch(/[\u0000-\u001f]/);
    }
  });
});

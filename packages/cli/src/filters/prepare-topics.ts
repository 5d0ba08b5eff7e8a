import { adminLogin, kafkaAdmin } from '@apf/connectors';
import { codeOf } from '@apf/core';

/** Each has a connection of its own. */
const AT_ONCE = 10;

/** Makes the topics that are not there yet; who may write to one need not be permitted to make or list any. */
export async function prepareTopics(
  params: Readonly<Record<string, unknown>>,
  topics: readonly string[],
  partitions: number,
): Promise<void> {
  const admin = kafkaAdmin(adminLogin(params));
  try {
    const there = new Set((await admin.listTopics()).map(({ topic }) => topic));
    const missing = topics.filter((topic) => !there.has(topic));
    for (let from = 0; from < missing.length; from += AT_ONCE)
      await Promise.all(
        missing.slice(from, from + AT_ONCE).map((topic) => admin.ensureTopic(topic, { partitions })),
      );
  } catch (error) {
    if (codeOf(error, 'APF_BROKER') !== 'APF_AUTHORIZATION') throw error;
  }
}

import { adminLogin, kafkaAdmin } from '@apf/connectors';
import { codeOf } from '@apf/core';

/** Makes the topics that are not there yet; who may write to one need not be permitted to make or list any. */
export async function prepareTopics(
  params: Readonly<Record<string, unknown>>,
  topics: readonly string[],
  partitions: number,
): Promise<void> {
  const admin = kafkaAdmin(adminLogin(params));
  try {
    const there = new Set((await admin.listTopics()).map(({ topic }) => topic));
    for (const topic of topics) if (!there.has(topic)) await admin.ensureTopic(topic, { partitions });
  } catch (error) {
    if (codeOf(error, 'APF_BROKER') !== 'APF_AUTHORIZATION') throw error;
  }
}

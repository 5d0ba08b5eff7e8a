import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  consumerClass,
  deadLetterClass,
  producerClass,
  type ResolvedSettings,
  systemClock,
  toError,
} from '@apf/core';
import { FolderLetters } from '../dead-letters/folder-letters.js';
import { producerOf } from '../dead-letters/replay-to-source.js';
import type { Params } from '../kafka/client-params.js';
import { openDatabase } from '../sql/open-database.js';
import { consumerCodec } from '../wiring/create-codec.js';
import type { Load } from '../wiring/load-class.js';
import { pathIn } from '../wiring/surroundings.js';
import { topicStrategy } from '../wiring/topic-strategy.js';
import { examineBroker, parted } from './examine-broker.js';
import { examineTopics } from './examine-topics.js';
import type { Report } from './finding.js';

export interface ExaminationOptions {
  /** The project of the step. */
  readonly folder: string;
  readonly load?: Load | undefined;
}

/**
 * Examines what a step will meet, from its broker to its database, without joining its group, reading a topic for it or
 * writing anything. Never rejects: what goes wrong is a finding.
 */
export async function examine(
  settings: ResolvedSettings,
  options: ExaminationOptions,
  report: Report,
): Promise<void> {
  const parts: [check: string, () => Promise<void>][] = [
    ['source', () => examineConsumer(settings, options, report)],
    ['outputs', () => examineProducers(settings, report)],
    ['dead letters', () => examineDeadLetters(settings, options.folder, report)],
    ['database', () => examineDatabase(settings, options.folder, report)],
  ];
  for (const [check, part] of parts) {
    try {
      await part();
    } catch (thrown) {
      const [message, remedy] = parted(toError(thrown).message);
      report({ check, status: 'fail', message, remedy });
    }
  }
  const now = new Date(systemClock.now());
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  report({
    check: 'clock',
    status: 'ok',
    message: `${now.toISOString()}, local time is that of ${timeZone}`,
  });
}

async function examineConsumer(
  settings: ResolvedSettings,
  { folder, load }: ExaminationOptions,
  report: Report,
): Promise<void> {
  const { CLASS, PARAMS, TOPICS, TOPIC_STRATEGY, FILE_PATH, DIRECTORY_PATH } = settings.CONSUMER_CONFIG;
  const { kind } = consumerClass(CLASS, 'CONSUMER_CONFIG.CLASS');
  if (kind !== 'kafka') {
    const path = FILE_PATH ?? DIRECTORY_PATH;
    if (kind !== 'custom' && path !== undefined && !/[*?{]/.test(path)) await access(pathIn(folder, path));
    report({
      check: 'source',
      status: 'ok',
      message: `${CLASS}${path === undefined ? '' : ` reads ${path}`}`,
    });
    return;
  }
  const lookup = await examineBroker(PARAMS, 'CONSUMER_CONFIG', report);
  if (!lookup) return;
  try {
    const topics = await topicStrategy(TOPICS, TOPIC_STRATEGY, 'CONSUMER_CONFIG', { folder, load });
    const codec = consumerCodec(settings.CONSUMER_CONFIG, folder);
    await examineTopics({ lookup, params: PARAMS, topics, codec, now: systemClock.now(), report });
  } finally {
    await lookup.close();
  }
}

/** Whether writing is permitted shows only when something is written; that the topic is there can be asked. */
async function examineProducers(settings: ResolvedSettings, report: Report): Promise<void> {
  const { PRODUCER_CONFIG, SIDE_OUTPUTS, DEAD_LETTERS, METRICS_CONFIG } = settings;
  const isKafka = (CLASS: string, role: string): boolean =>
    producerClass(CLASS, `${role}.CLASS`).kind === 'kafka';
  const outputs: [role: string, params: Params, topics: string | readonly string[] | undefined][] = [];
  if (PRODUCER_CONFIG && isKafka(PRODUCER_CONFIG.CLASS, 'PRODUCER_CONFIG'))
    outputs.push(['PRODUCER_CONFIG', PRODUCER_CONFIG.PARAMS, PRODUCER_CONFIG.TOPIC]);
  for (const [name, { CLASS, PARAMS, TOPIC }] of Object.entries(SIDE_OUTPUTS)) {
    if (isKafka(CLASS, `SIDE_OUTPUTS.${name}`)) outputs.push([`SIDE_OUTPUTS.${name}`, PARAMS, TOPIC]);
  }
  if (deadLetterClass(DEAD_LETTERS.CLASS, 'DEAD_LETTERS.CLASS').kind === 'kafka')
    outputs.push(['DEAD_LETTERS', DEAD_LETTERS.PARAMS, DEAD_LETTERS.TOPIC]);
  if (METRICS_CONFIG && METRICS_CONFIG.TOPIC !== undefined)
    outputs.push(['METRICS_CONFIG', METRICS_CONFIG.PARAMS, METRICS_CONFIG.TOPIC]);
  for (const [role, params, topic] of outputs) {
    const lookup = await examineBroker(producerOf(params), role, report);
    if (!lookup) continue;
    const existing = await lookup.topics().finally(() => lookup.close());
    for (const name of typeof topic === 'string'
      ? topic.split(',').map((one) => one.trim())
      : (topic ?? [])) {
      report(
        existing.has(name)
          ? { check: 'output', status: 'ok', message: `${role}: topic '${name}' is there` }
          : {
              check: 'output',
              status: 'warn',
              message: `${role}: topic '${name}' is not there, or may not be seen`,
              remedy: 'create it, unless the broker makes topics by itself',
            },
      );
    }
  }
}

async function examineDeadLetters(settings: ResolvedSettings, folder: string, report: Report): Promise<void> {
  const { CLASS, DIRECTORY_PATH } = settings.DEAD_LETTERS;
  if (deadLetterClass(CLASS, 'DEAD_LETTERS.CLASS').kind !== 'folder') return;
  const path = pathIn(folder, DIRECTORY_PATH);
  const there = await access(path, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw new Error(`${path} cannot be written: give this user the right to`);
      return false;
    },
  );
  if (!there) await access(dirname(path), constants.W_OK);
  const letters = there ? await new FolderLetters(path).list() : [];
  report(
    letters.length === 0
      ? { check: 'dead letters', status: 'ok', message: `none in ${path}` }
      : {
          check: 'dead letters',
          status: 'warn',
          message: `${letters.length} in ${path}`,
          remedy: 'apf dead list tells why',
        },
  );
}

async function examineDatabase(
  { DB_CONFIG }: ResolvedSettings,
  folder: string,
  report: Report,
): Promise<void> {
  if (!DB_CONFIG) return;
  const database = await openDatabase(DB_CONFIG, folder, { existing: true });
  report({ check: 'database', status: 'ok', message: `${database.where} answers` });
  await database.close();
}

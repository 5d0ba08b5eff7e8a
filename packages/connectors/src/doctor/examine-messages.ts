import { END, inspectFile, newStats, type RawMessage, silent, systemClock, toError } from '@apf/core';
import type { Params } from '../kafka/client-params.js';
import { KafkaRangeSource } from '../kafka/kafka-range-source.js';
import type { PartitionBounds } from '../kafka/offset-lookup.js';
import type { OffsetRange } from '../kafka/offset-range.js';
import { resolveRanges } from '../kafka/resolve-ranges.js';
import { parted } from './examine-broker.js';
import type { ConsumerExamination } from './examine-topics.js';
import type { Report } from './finding.js';

/** So many of the last messages are decoded. */
const SAMPLE = 10;
/** How long a topic that does not answer is tried, in ms. */
const PATIENCE = 5_000;

/** Decodes the last few messages: one that is broken is no mistake in the settings, all are. */
export async function examineMessages(
  bounds: readonly PartitionBounds[],
  { broker: { lookup }, params, codec, now, report }: ConsumerExamination,
): Promise<void> {
  const filled = bounds.filter(({ low, high }) => high > low);
  if (filled.length === 0) return;
  let messages: readonly RawMessage[];
  try {
    messages = await lastOf(
      await resolveRanges(lookup, filled, { tail: SAMPLE, untilEnd: true, now }),
      params,
    );
  } catch (error) {
    const [what, remedy] = parted(toError(error).message);
    report({ check: 'permission', status: 'fail', message: what, remedy });
    return;
  }
  const broken: { readonly message: RawMessage; readonly error: Error }[] = [];
  let decoded: { readonly message: RawMessage; readonly alerts: number } | undefined;
  for (const message of messages) {
    if (!message.value) continue;
    try {
      await codec.prepare?.([message]);
      decoded = { message, alerts: codec.decode(message.value, message).length };
    } catch (error) {
      broken.push({ message, error: toError(error) });
    }
  }
  if (decoded) sayDecoded(decoded.message, decoded.alerts, now, report);
  if (broken[0]) await sayBroken(broken[0].message, broken[0].error, broken.length, !decoded, report);
  const ahead = messages.find(({ timestamp }) => timestamp !== undefined && timestamp > now + 5_000);
  if (ahead) {
    report({
      check: 'clock',
      status: 'warn',
      message: `the message ${placeOf(ahead)} is ${Math.round((ahead.timestamp! - now) / 1_000)} s from the future`,
      remedy: "set this machine's clock, or tell the sender: topics by date change by it",
    });
  }
}

const placeOf = ({ topic, partition, offset }: RawMessage): string => `${topic}[${partition}] at ${offset}`;

function sayDecoded(message: RawMessage, alerts: number, now: number, report: Report): void {
  const { timestamp, value } = message;
  const age =
    timestamp === undefined ? '' : `, ${Math.max(0, Math.round((now - timestamp) / 60_000))} min old`;
  report({
    check: 'decode',
    status: 'ok',
    message: `the message ${placeOf(message)} decodes: ${alerts} alerts, ${value!.length} bytes${age}`,
  });
}

async function sayBroken(
  message: RawMessage,
  error: Error,
  count: number,
  all: boolean,
  report: Report,
): Promise<void> {
  const { description } = await inspectFile(message.value!);
  const { framing } = description;
  const looks = framing === 'none' ? '' : `; it looks like ${framing === 'ocf' ? 'container' : framing}`;
  const others = count === 1 ? '' : ` (and ${count - 1} more of the last ${SAMPLE})`;
  report({
    check: 'decode',
    status: all ? 'fail' : 'warn',
    message: `the message ${placeOf(message)}${others} cannot be decoded: ${error.message}`,
    remedy: all
      ? `check FRAMING and the schema in CONSUMER_CONFIG${looks}`
      : 'it will be a dead letter; others decode, so the settings are right',
  });
}

/** The messages of these ranges, as many as come in time. */
async function lastOf(ranges: readonly OffsetRange[], params: Params): Promise<readonly RawMessage[]> {
  const source = new KafkaRangeSource({
    params,
    ranges,
    logger: silent,
    clock: systemClock,
    stats: newStats(),
  });
  const signal = AbortSignal.timeout(PATIENCE);
  const messages: RawMessage[] = [];
  await source.open();
  try {
    while (!signal.aborted) {
      const polled = await source.poll(SAMPLE, signal);
      if (polled === END) break;
      messages.push(...polled);
    }
    return messages;
  } finally {
    await source.close();
  }
}

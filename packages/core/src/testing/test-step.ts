import type { AvroSchema } from '../codecs/schema.js';
import type { DeadLetter } from '../contracts.js';
import type { Row, RowChange } from '../database.js';
import { Runner } from '../run/runner.js';
import type { BatchStep, Step } from '../step.js';
import { MemoryDatabase } from './memory-database.js';
import { MemorySink, MemorySource, memoryCodec } from './memory.js';

export interface StepTest {
  /** What `execute` produced, in order. */
  readonly results: unknown[];
  readonly sideOutputs: Readonly<Record<string, unknown[]>>;
  /** What `context.db` was asked for, in order. */
  readonly changes: Pick<RowChange, 'table' | 'kind' | 'row' | 'options'>[];
  readonly deadLetters: DeadLetter[];
}

export interface StepTestOptions {
  /** Names that `context.produce` may use. */
  readonly sideOutputs?: readonly string[];
  /** `consume.messages` */
  readonly messages?: number;
  /** The alerts' schema, for a step that asks for `context.avro()`. */
  readonly schema?: AvroSchema;
  /** Answers `context.db.query`. */
  readonly query?: (sql: string, parameters: readonly unknown[]) => readonly Row[];
}

/**
 * Runs a step on some alerts in memory, with the real runner: no broker, no file.
 *
 * ```ts
 * const { results, deadLetters } = await testStep(SnProcess, [alert]);
 * ```
 */
export async function testStep<In, Out>(
  // BatchStep first, because TypeScript takes `In` from there: else that of a batch step would be a list.
  StepClass: new () => BatchStep<In, Out> | Step<In, Out>,
  alerts: readonly In[],
  options: StepTestOptions = {},
): Promise<StepTest> {
  const producer = new MemorySink();
  const deadLetters = new MemorySink<DeadLetter>();
  const sides = Object.fromEntries((options.sideOutputs ?? []).map((name) => [name, new MemorySink()]));
  const { query } = options;
  const database = new MemoryDatabase({ takesResults: false, ...(query && { query }) });
  const runner = new Runner<In, Out>({
    step: new StepClass(),
    source: new MemorySource(alerts),
    codec: memoryCodec<In>(options.schema),
    producer,
    sideOutputs: sides,
    database,
    deadLetters,
    name: StepClass.name,
    messages: options.messages ?? Math.max(1, alerts.length),
  });
  await runner.run();
  return {
    results: producer.values,
    sideOutputs: Object.fromEntries(Object.entries(sides).map(([name, sink]) => [name, sink.values])),
    changes: database.tables.changes.map(({ table, kind, row, options: how }) => ({
      table,
      kind,
      row,
      options: how,
    })),
    deadLetters: deadLetters.values,
  };
}

import { readFileSync } from 'node:fs';
import { replaceFile } from '@apf/connectors';
import {
  type AvroSchema,
  parseSchema,
  PoisonError,
  printable,
  projectSchema,
  type StreamAlert,
  toError,
  UsageError,
  type WrittenAlert,
} from '@apf/core';
import { type DistributionRules, keptFields } from './rules.js';

export interface OutputSchemaOptions {
  /** Where readers of the topics find it. */
  readonly path: string;
  readonly rules: DistributionRules;
  /** False: nothing is written. */
  readonly write: boolean;
  readonly say: (line: string) => void;
}

/** The attribute of the schema that says by which rules it was made. */
const SELECTION = 'apf.selection';
/** Fields that are named of those that two schemas do not share. */
const NAMED = 8;

type Json = Readonly<Record<string, unknown>>;

/**
 * The one schema by which everything that is distributed can be read. It is made of the first alert's, by the rules, and
 * written to its file; a file that is there already is kept, so that what was sent before stays readable. Alerts of other
 * schemas are written by it too: by the names of their fields, what they lack is null.
 */
export class OutputSchema {
  private settled: AvroSchema | undefined;
  /** For each schema of alerts: whether its bytes are those of the output. */
  private readonly same = new Map<AvroSchema, boolean>();

  constructor(private readonly options: OutputSchemaOptions) {}

  /** Undefined before the first alert. */
  get schema(): AvroSchema | undefined {
    return this.settled;
  }

  /**
   * Before anything is read.
   * @param fields what a catalogue adds to each alert
   * @throws UsageError where the file is there, and would leave one of them out that the rules keep
   */
  check(fields: readonly string[]): void {
    const kept = this.kept();
    if (kept?.root.kind !== 'record') return;
    const { path, rules } = this.options;
    const own = kept.root.fields.map(({ name }) => name);
    const lacking = fields.find(
      (field) =>
        !own.includes(field) &&
        !rules.drop.includes(field) &&
        (rules.select === undefined || rules.select.includes(field)),
    );
    if (lacking === undefined) return;
    throw new UsageError(
      `${path} is there already and has no field '${lacking}', so what the catalogue adds would be left out: name another file with --schema-out, or remove it if nothing that was sent by it is still to be read`,
      { code: 'APF_SCHEMA' },
    );
  }

  /** @throws UsageError for rules that do not fit the alerts, or a file made by other rules */
  async settle(alerts: AvroSchema): Promise<void> {
    const { path, write, say } = this.options;
    const kept = this.kept();
    if (kept) {
      this.settled = kept;
      say(`the schema of what is distributed is that of ${path}`);
      return;
    }
    const made = this.derived(alerts);
    const json: Json = { ...(JSON.parse(made.json) as Json), [SELECTION]: this.selection };
    this.settled = parseSchema(json);
    if (!write) return;
    await replaceFile('the schema', path, `${JSON.stringify(json, null, 2)}\n`);
    say(`the schema of what is distributed was written to ${path}`);
  }

  /** An alert's bytes by the output's schema. @throws PoisonError for one that does not fit it */
  encode({ value, schema }: StreamAlert, written: WrittenAlert | undefined): Buffer {
    if (!schema || !this.settled) {
      throw new PoisonError('the alert has no Avro schema: name it with --schema', { code: 'APF_SCHEMA' });
    }
    if (this.isSame(schema) && written?.schema === schema) return written.bytes;
    return this.settled.encode(value);
  }

  /** Of what the alerts have, and of which rules it is what is left. */
  private derived(alerts: AvroSchema): AvroSchema {
    const { rules } = this.options;
    if (rules.select === undefined && rules.drop.length === 0) return alerts;
    return projectSchema(alerts, keptFields(alerts, rules));
  }

  private get selection(): Json {
    const { select, drop } = this.options.rules;
    return { select: select ?? null, drop };
  }

  /** The schema in the file, where there is one. */
  private kept(): AvroSchema | undefined {
    const { path } = this.options;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new UsageError(`the schema ${path} cannot be read: ${toError(error).message}`, {
        code: 'APF_FILE',
        cause: error,
      });
    }
    let schema: AvroSchema;
    let selection: unknown;
    try {
      schema = parseSchema(text);
      selection = (JSON.parse(text) as Json)[SELECTION];
    } catch (error) {
      throw new UsageError(`${path}: ${toError(error).message}`, { code: 'APF_SCHEMA', cause: error });
    }
    if (selection !== undefined && JSON.stringify(selection) !== JSON.stringify(this.selection)) {
      throw new UsageError(
        `${path} was made by other rules (select, drop), and what was sent before is read with it: name another file and other topics, or remove it`,
        { code: 'APF_SCHEMA' },
      );
    }
    return schema;
  }

  private isSame(alerts: AvroSchema): boolean {
    let same = this.same.get(alerts);
    if (same === undefined) {
      same = plain(alerts) === plain(this.settled!);
      this.same.set(alerts, same);
      if (!same) this.tellDifference(alerts);
    }
    return same;
  }

  private tellDifference(alerts: AvroSchema): void {
    const { path, say } = this.options;
    let given: readonly string[];
    try {
      given = pathsOf(this.derived(alerts));
    } catch (error) {
      say(
        `alerts of another schema, ${alerts.name ?? ''} (${alerts.fingerprint}): ${toError(error).message}`,
      );
      return;
    }
    const taken = pathsOf(this.settled!);
    const left = given.filter((each) => !taken.includes(each));
    const missing = taken.filter((each) => !given.includes(each));
    if (left.length + missing.length === 0) return;
    const parts = [
      ...(left.length > 0 ? [`left out, since ${path} has them not: ${named(left)}`] : []),
      ...(missing.length > 0 ? [`not there, so null: ${named(missing)}`] : []),
    ];
    say(`alerts of another schema, ${alerts.name ?? ''} (${alerts.fingerprint}): ${parts.join('; ')}`);
  }
}

function plain(schema: AvroSchema): string {
  const { [SELECTION]: _, ...json } = JSON.parse(schema.json) as Json;
  return JSON.stringify(json);
}

const named = (paths: readonly string[]): string =>
  printable(paths.slice(0, NAMED).join(', '), 300) +
  (paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '');

type Node = AvroSchema['root'];

/** Every field by its path; a record inside itself is not gone into twice. */
function pathsOf({ root }: AvroSchema): string[] {
  const paths = new Set<string>();
  const visit = (node: Node, prefix: string, above: readonly Node[]): void => {
    switch (node.kind) {
      case 'array':
        return visit(node.items, prefix, above);
      case 'map':
        return visit(node.values, prefix, above);
      case 'union':
        return node.branches.forEach((branch) => visit(branch, prefix, above));
      case 'record':
        if (above.includes(node)) return;
        for (const field of node.fields) {
          paths.add(prefix + field.name);
          visit(field.node, `${prefix}${field.name}.`, [...above, node]);
        }
    }
  };
  visit(root, '', []);
  return [...paths];
}

import { type AvroSchema, ContainerWriter, writeConfluent } from '@apf/core';

/** How alerts stand in the messages that are sent; see the framings of a step. */
export const SENT_FRAMINGS = ['schemaless', 'container', 'confluent', 'schema-in-key'] as const;
export type SentFraming = (typeof SENT_FRAMINGS)[number];

export interface Message {
  readonly value: Buffer;
  readonly key: Buffer | null;
}

/** Makes messages of alerts that are encoded already. */
export class MessageMaker {
  private readonly writers = new Map<AvroSchema, ContainerWriter>();
  private readonly keys = new Map<AvroSchema, Buffer>();
  private readonly ids = new Map<AvroSchema, number>();

  constructor(
    private readonly framing: SentFraming,
    private readonly schemaId?: number | undefined,
    /** Told once of each schema that goes by an id. */
    private readonly onSchema: (id: number, schema: AvroSchema) => void = () => undefined,
  ) {}

  /**
   * @param datum the alert without any framing
   * @param file the whole container that it is alone in, if it is: sent as it is where containers are sent
   */
  message(datum: Buffer, schema: AvroSchema, file?: Buffer): Message {
    switch (this.framing) {
      case 'schemaless':
        return { value: datum, key: null };
      case 'container':
        return { value: file ?? this.writer(schema).writeEncoded([datum]), key: null };
      case 'confluent':
        return { value: writeConfluent(this.id(schema), datum), key: null };
      case 'schema-in-key':
        return { value: datum, key: this.key(schema) };
    }
  }

  private writer(schema: AvroSchema): ContainerWriter {
    let writer = this.writers.get(schema);
    if (!writer) this.writers.set(schema, (writer = new ContainerWriter(schema)));
    return writer;
  }

  private id(schema: AvroSchema): number {
    let id = this.ids.get(schema);
    if (id === undefined) {
      this.ids.set(schema, (id = this.schemaId ?? idOf(schema)));
      this.onSchema(id, schema);
    }
    return id;
  }

  private key(schema: AvroSchema): Buffer {
    let key = this.keys.get(schema);
    if (!key) this.keys.set(schema, (key = Buffer.from(schema.json)));
    return key;
  }
}

/** Rubin's rule since 2024: version 7.2 of the schema has the id 702. Others have no rule: 1, as Rubin's simulator has it. */
function idOf(schema: AvroSchema): number {
  const [, major, minor] = /^lsst\.v(\d+)_(\d+)\./.exec(schema.name ?? '') ?? [];
  return major === undefined ? 1 : Number(major) * 100 + Number(minor);
}

import { type AvroSchema, toError } from '@apf/core';
import { SchemaCache } from '../schemas/schema-cache.js';

/**
 * Keeps the schemas of alerts that are sent by an id, where `apf consume` finds them: no registry knows the ids of a
 * simulation.
 */
export class SentSchemas {
  private readonly waiting: (readonly [id: number, schema: AvroSchema])[] = [];
  private servers: string | undefined;
  private failed = false;

  constructor(
    private readonly say: (line: string) => void,
    private readonly cache = new SchemaCache(),
  ) {}

  add(id: number, schema: AvroSchema): void {
    if (this.servers === undefined) this.waiting.push([id, schema]);
    else this.keep(this.servers, id, schema);
  }

  /** Says to which broker alerts go. */
  keepFor(servers: string): void {
    this.servers = servers;
    for (const [id, schema] of this.waiting.splice(0)) this.keep(servers, id, schema);
  }

  private keep(servers: string, id: number, schema: AvroSchema): void {
    try {
      this.cache.keepSimulated(servers, id, schema);
    } catch (error) {
      if (!this.failed)
        this.say(
          `apf: the schema of id ${id} cannot be kept in ${this.cache.folder} (${toError(error).message}): whoever consumes needs --schema`,
        );
      this.failed = true;
    }
  }
}

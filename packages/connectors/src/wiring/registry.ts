import {
  type AvroSchema,
  FatalError,
  parseSchema,
  PoisonError,
  RetryableError,
  type SchemaSource,
  toError,
} from '@apf/core';

/** How long the registry may take for an answer, in ms. */
const TIMEOUT = 10_000;
/** References of references, deeper than any real schema. */
const DEPTH = 16;

interface Answer {
  readonly schema?: string;
  readonly schemaType?: string;
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

/**
 * Schemas by their id from a Confluent Schema Registry, by the REST interface
 * (https://docs.confluent.io/platform/current/schema-registry/develop/api.html). An id never changes its schema, so each
 * is asked for once.
 * @param url of the registry; a user name and password in it are sent as basic authentication, and never shown.
 */
export function registrySchemaSource(url: string): SchemaSource {
  const registry = new Registry(url);
  const known = new Map<number, Promise<AvroSchema>>();
  return {
    byId(id) {
      let schema = known.get(id);
      if (!schema) {
        schema = registry.schema(id);
        known.set(id, schema);
        // What failed is asked for again.
        schema.catch(() => known.delete(id));
      }
      return schema;
    },
  };
}

class Registry {
  readonly #base: string;
  readonly #headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json' };

  constructor(url: string) {
    const { username, password, origin, pathname } = new URL(url);
    this.#base = origin + pathname.replace(/\/+$/, '');
    if (username !== '') {
      const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.#headers.authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    }
  }

  async schema(id: number): Promise<AvroSchema> {
    const what = `the schema of id ${id}`;
    const answer = await this.#get(`/schemas/ids/${id}`, what);
    const names = new Map<string, object>();
    await this.#references(answer, names, what, 0);
    try {
      return parseSchema(answer.schema ?? '', { names });
    } catch (error) {
      throw new PoisonError(`${what} from ${this.#base}: ${toError(error).message}`, {
        code: 'APF_SCHEMA',
        cause: error,
      });
    }
  }

  /** Types that a schema refers to stand in subjects of their own. */
  async #references(answer: Answer, names: Map<string, object>, what: string, depth: number): Promise<void> {
    for (const { name, subject, version } of depth < DEPTH ? (answer.references ?? []) : []) {
      if (names.has(name)) continue;
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
      const referred = await this.#get(path, `${what} (its reference '${name}')`);
      names.set(name, JSON.parse(referred.schema ?? '{}') as object);
      await this.#references(referred, names, what, depth + 1);
    }
  }

  async #get(path: string, what: string): Promise<Answer> {
    const from = `${what} from the registry ${this.#base}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#base + path, {
        headers: this.#headers,
        signal: AbortSignal.timeout(TIMEOUT),
      });
      text = await response.text();
    } catch (error) {
      throw new RetryableError(`cannot get ${from}: ${reasonOf(error)}`, undefined, {
        code: 'APF_SCHEMA',
        cause: error,
      });
    }
    if (response.status === 404) {
      throw new PoisonError(`${from}: there is none`, { code: 'APF_SCHEMA_UNKNOWN' });
    }
    if (response.status === 401 || response.status === 403) {
      throw new FatalError(
        `the registry ${this.#base} refuses access (${response.status}); check the user name and password in REGISTRY`,
        { code: 'APF_AUTHENTICATION' },
      );
    }
    if (!response.ok) {
      const retryAfter = Number(response.headers.get('retry-after')) || undefined;
      throw new RetryableError(`cannot get ${from}: it answers ${response.status}`, retryAfter, {
        code: 'APF_SCHEMA',
      });
    }
    return this.#read(text, from);
  }

  #read(text: string, from: string): Answer {
    let answer: Answer | null;
    try {
      answer = JSON.parse(text) as Answer | null;
    } catch (error) {
      throw new FatalError(`${from}: the answer is not JSON; check REGISTRY`, {
        code: 'APF_SCHEMA',
        cause: error,
      });
    }
    if (typeof answer?.schema !== 'string') {
      throw new FatalError(`${from}: the answer has no schema; check REGISTRY`, { code: 'APF_SCHEMA' });
    }
    const { schemaType = 'AVRO' } = answer;
    if (schemaType !== 'AVRO') {
      throw new PoisonError(`${from} is ${schemaType}, not Avro`, { code: 'APF_SCHEMA' });
    }
    return answer;
  }
}

/** fetch says only "fetch failed"; the cause says why. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = toError(error);
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT / 1000} s`;
  return cause === undefined ? message : toError(cause).message;
}

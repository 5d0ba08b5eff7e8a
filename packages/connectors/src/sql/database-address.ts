import { type DatabaseParams, type DatabaseSettings, nearest, UsageError } from '@apf/core';

/** What may stand behind `?` in an address: libpq's words, and SCHEMA's. */
const QUERY = ['schema', 'sslmode', 'sslrootcert'];
const SSL_MODES: Readonly<Record<string, DatabaseParams['SSL']>> = {
  disable: 'disable',
  require: 'require',
  'verify-full': 'verify-full',
};

/**
 * The database that an address names: `postgres://user:password@host:port/name?schema=…&sslmode=…&sslrootcert=…`, each part
 * of which may be left out, or else the file of a SQLite database.
 * @throws UsageError that never shows the password
 */
export function databaseAt(address: string): DatabaseSettings {
  if (!/^postgres(ql)?:/i.test(address)) {
    const scheme = /^([a-z][a-z0-9+]+):\/\//i.exec(address)?.[1];
    if (scheme !== undefined) {
      throw new UsageError(
        `there is no database of the kind '${scheme}'; write postgres://… or a SQLite file`,
      );
    }
    if (address === '') throw new UsageError('the database has an empty name');
    return { ENGINE: 'sqlite', FILE_PATH: address };
  }
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new UsageError(
      'the address of the database is none; write postgres://user:password@host:5432/name, with %40 for an @ in the password',
    );
  }
  const name = decoded(url.pathname.replace(/^\//, ''));
  return {
    ENGINE: 'postgres',
    PARAMS: {
      ...(url.hostname === '' ? {} : { HOST: url.hostname.replace(/^\[(.*)\]$/, '$1') }),
      ...(url.port === '' ? {} : { PORT: Number(url.port) }),
      ...(url.username === '' ? {} : { USER: decoded(url.username) }),
      ...(url.password === '' ? {} : { PASSWORD: decoded(url.password) }),
      ...(name === '' ? {} : { DB_NAME: name }),
      ...fromQuery(url.searchParams),
    },
  };
}

function fromQuery(query: URLSearchParams): DatabaseParams {
  for (const key of query.keys()) {
    if (QUERY.includes(key)) continue;
    const near = nearest(key, QUERY);
    throw new UsageError(
      `the address of the database has ?${key}=; ${near ? `did you mean '${near}'?` : `it may have ${QUERY.join(', ')}`}`,
    );
  }
  const [schema, mode, authority] = QUERY.map((key) => query.get(key) ?? undefined);
  const ssl = mode === undefined ? undefined : SSL_MODES[mode];
  if (mode !== undefined && ssl === undefined) {
    throw new UsageError(
      `the address of the database has sslmode=${mode}; it may be ${Object.keys(SSL_MODES).join(', ')}`,
    );
  }
  return {
    ...(schema === undefined ? {} : { SCHEMA: schema }),
    ...(ssl === undefined ? {} : { SSL: ssl }),
    ...(authority === undefined ? {} : { SSL_CA: authority }),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError('the address of the database has a % that stands for nothing; write it as %25');
  }
}

import { FatalError, PoisonError, RetryableError } from '@apf/core';

/**
 * Codes of errors that time, or an operator, mends: lost connections, deadlocks and serialization, shutdown and restart,
 * time-outs, a server that has become read-only, a full disk, too many connections.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PASSING = /^(08...|40...|53...|57P0[1-5]|57014|55P03|25P0[34]|25006|58...|XX001)$/;
/** Codes that one row has by its values: data exceptions, constraints, a trigger's own error, an index entry too large. */
const OF_A_ROW = /^(21000|22...|23...|44000|P0001|54000|42804)$/;

const REMEDIES: Readonly<Record<string, string>> = {
  '42P01': 'make the table with `apf db init`, or correct its name or SCHEMA',
  '42703': 'compare the table with `apf db diff`',
  '42P10': 'DB_CONFIG.KEY must name the columns of a primary key or of a unique index',
  '42501': 'ask the owner of the database to grant it',
};

interface PostgresFailure extends Error {
  readonly code?: unknown;
  readonly detail?: string;
}

/** What an error of PostgreSQL or of the way to it means for a run, in one line. @param where as `user@host:port/database` */
export function postgresError(thrown: unknown, where: string): Error {
  const error = firstOf(thrown);
  const code = typeof error.code === 'string' ? error.code : '';
  const details = { code: 'APF_DATABASE', cause: error } as const;
  const fatal = (text: string): FatalError => new FatalError(text, details);
  const passing = (text: string): RetryableError => new RetryableError(text, undefined, details);
  if (!/^[0-9A-Z]{5}$/.test(code) || code === 'EPIPE')
    return connectionError(error, code, where, fatal, passing);
  if (PASSING.test(code)) return passing(`the database ${where}: ${error.message}`);
  if (OF_A_ROW.test(code)) {
    const detail = error.detail === undefined ? '' : ` (${error.detail})`;
    return new PoisonError(`the row cannot be written: ${error.message}${detail}`, {
      code: 'APF_ROW',
      cause: error,
    });
  }
  switch (code) {
    case '28P01':
    case '28000':
      return fatal(
        `the database ${where} refuses the user name or the password (${error.message}): check DB_CONFIG.PARAMS.USER and PASSWORD`,
      );
    case '3D000':
      return fatal(
        `the database ${where}: ${error.message}; create it (createdb), or correct DB_CONFIG.PARAMS.DB_NAME`,
      );
    default: {
      const remedy = REMEDIES[code];
      return fatal(
        `the database ${where}: ${error.message} (${code})${remedy === undefined ? '' : `; ${remedy}`}`,
      );
    }
  }
}

function connectionError(
  error: PostgresFailure,
  code: string,
  where: string,
  fatal: (text: string) => FatalError,
  passing: (text: string) => RetryableError,
): Error {
  const text = error.message.split('\n', 1)[0] ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return passing(
        `no PostgreSQL server takes connections at ${where}: start it, or correct DB_CONFIG.PARAMS.HOST and PORT`,
      );
    case 'ENOTFOUND':
      return passing(
        `the host of the database ${where} is not known: correct DB_CONFIG.PARAMS.HOST, or mend the name service`,
      );
    case 'ECONNRESET':
    case 'ETIMEDOUT':
    case 'EPIPE':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return passing(`the database ${where} cannot be reached (${code})`);
    default:
  }
  if (/does not support SSL/i.test(text)) {
    return fatal(
      `the database ${where} does not offer TLS: set DB_CONFIG.PARAMS.SSL to 'disable', or turn it on in the server`,
    );
  }
  if (/certificate|self.signed/i.test(text) || /CERT/.test(code)) {
    return fatal(
      `the certificate of the database ${where} is not trusted (${text}): name its authority with DB_CONFIG.PARAMS.SSL_CA`,
    );
  }
  if (/password must be a string|no password supplied/i.test(text)) {
    return fatal(
      `the database ${where} wants a password: set APF__DB_CONFIG__PARAMS__PASSWORD in the environment or in .env`,
    );
  }
  if (/terminat|closed|timeout|timed out|not queryable|connection error|ended/i.test(text)) {
    return passing(`the connection to the database ${where} was lost (${text})`);
  }
  // Values that pg cannot send, and mistakes of our own.
  return fatal(`the database ${where}: ${text}`);
}

/** Node tries each address of a host, and puts what came of them into one error. */
function firstOf(thrown: unknown): PostgresFailure {
  const { errors } = thrown as { readonly errors?: readonly PostgresFailure[] };
  return errors?.[0] ?? (thrown as PostgresFailure);
}

import { open, readFile, rename } from 'node:fs/promises';
import { type Access, checkGrant, type Grant } from '@apf/connectors';
import { fileReason, nearest, printable, toError, UsageError } from '@apf/core';
import { Document, isMap, parseDocument } from 'yaml';

/** Where grants are kept unless another file is named. */
export const ACCESS_FILE = 'access.yml';

const HEADER = ` Who may read which topics of the broker, from where and until when. After a change:
   apf kafka access plan      shows what it comes to
   apf kafka access apply     makes the broker agree with it
 No password stands here.`;

const KEYS = ['keep', 'users'];
const GRANT_KEYS = [
  'topics',
  'group-prefix',
  'hosts',
  'writes',
  'until',
  'name',
  'institution',
  'email',
] as const;

/** The grants of a file. @throws UsageError that names the file, the user and the key. */
export async function readAccessFile(path: string): Promise<Access> {
  const document = await parse(path);
  if (document === undefined) {
    throw new UsageError(
      `there is no access file '${path}': name one with --file, or begin one with apf kafka grant --file`,
      { code: 'APF_FILE' },
    );
  }
  return accessOf(document, path);
}

/**
 * Adds a grant to a file, which is made where there is none; its comments stay.
 * @returns what to do once the broker has the grant: only then the file says so.
 * @throws UsageError where the file has the user already.
 */
export async function addToAccessFile(path: string, grant: Grant): Promise<() => Promise<void>> {
  const document = (await parse(path)) ?? emptyDocument();
  if (accessOf(document, path).grants.some(({ user }) => user === grant.user)) {
    throw new UsageError(
      `${path} has ${grant.user} already: change the entry there, then apf kafka access apply --file ${path}`,
      { code: 'APF_FILE' },
    );
  }
  const { user, topics, groupPrefix, hosts, writes, ...rest } = grant;
  const entry = {
    ...(topics.length > 0 ? { topics } : {}),
    'group-prefix': groupPrefix,
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(writes && writes.length > 0 ? { writes } : {}),
    ...rest,
  };
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get('users'))) document.set('users', document.createNode({}));
  document.setIn(['users', user], document.createNode(entry));
  return () => write(path, document.toString({ lineWidth: 120, flowCollectionPadding: false }));
}

async function parse(path: string): Promise<Document | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read: ${fileReason(error)}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    const what = error.message.split(/ at line |:\n/)[0] ?? '';
    throw new UsageError(`${path}${line === undefined ? '' : `, line ${line}`}: ${printable(what, 200)}`, {
      code: 'APF_FILE',
    });
  }
  return document;
}

function emptyDocument(): Document {
  const document = new Document({});
  document.commentBefore = HEADER;
  return document;
}

function accessOf(document: Document, path: string): Access {
  const wrong = (what: string): never => {
    throw new UsageError(`${path}: ${what}`, { code: 'APF_FILE' });
  };
  let data: unknown;
  try {
    data = document.toJS() ?? {};
  } catch (error) {
    return wrong(printable(toError(error).message, 200));
  }
  const file = record(data, 'the file', wrong);
  refuseUnknown(file, KEYS, '', wrong);
  const users = record(file.users ?? {}, "'users'", wrong);
  const grants = Object.entries(users).map(([user, value]): Grant => {
    const where = `users.${printable(user)}`;
    const entry = record(value, where, wrong);
    refuseUnknown(entry, GRANT_KEYS, `${where}.`, wrong);
    const text = (key: (typeof GRANT_KEYS)[number]): string | undefined => {
      const given = entry[key];
      if (given === undefined || given === null) return undefined;
      return typeof given === 'string' ? given : wrong(`${where}.${key} must be text`);
    };
    const [until, name, institution, email] = [
      text('until'),
      text('name'),
      text('institution'),
      text('email'),
    ];
    const grant: Grant = {
      user,
      topics: texts(entry.topics, `${where}.topics`, wrong),
      groupPrefix: text('group-prefix') ?? '',
      hosts: texts(entry.hosts, `${where}.hosts`, wrong),
      writes: texts(entry.writes, `${where}.writes`, wrong),
      ...(until === undefined ? {} : { until }),
      ...(name === undefined ? {} : { name }),
      ...(institution === undefined ? {} : { institution }),
      ...(email === undefined ? {} : { email }),
    };
    try {
      return checkGrant(grant);
    } catch (error) {
      return wrong(`${where}: ${toError(error).message}`);
    }
  });
  return { grants, keep: texts(file.keep, "'keep'", wrong) };
}

type Wrong = (what: string) => never;

function record(value: unknown, what: string, wrong: Wrong): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return wrong(`${what} must hold names and what belongs to them`);
}

function refuseUnknown(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
  wrong: Wrong,
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    wrong(
      `${where}${printable(key)} is no key; ${near ? `did you mean '${near}'?` : `there are ${known.join(', ')}`}`,
    );
  }
}

/** A list of texts, or one alone. */
function texts(value: unknown, where: string, wrong: Wrong): string[] {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.map((each) => (typeof each === 'string' ? each : wrong(`${where} must be a list of texts`)));
}

/** All or nothing: a file that says who may come in must never be half a file. */
async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  try {
    const file = await open(draft, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
}

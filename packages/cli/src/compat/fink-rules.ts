import { readFileSync, statSync } from 'node:fs';
import { printable, toError, UsageError } from '@apf/core';
import { SaxesParser } from 'saxes';
import type { DistributionRules } from '../distribute/rules.js';

/** Fink's own file has 4 kB. */
const LARGEST = 1024 * 1024;
const ROOT = 'distribution-rules';
const SECTIONS = ['select', 'drop', 'filter'] as const;
type Section = (typeof SECTIONS)[number];
const OPERATORS: Readonly<Record<string, string>> = { '<': '<', '=': '==', '>': '>' };
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const NAME = /^[A-Za-z_][\w.-]{0,199}$/;
/** Fink's own note on a row, which it never distributes. */
const STATUS = 'status';

interface Column {
  readonly path: string;
  readonly operator: string | undefined;
  readonly value: string | undefined;
}

type Columns = Readonly<Record<Section, Column[]>>;

/**
 * Rules as Fink's `conf/distribution-rules.xml` has them: columns to select, to drop, and conditions. A document type may
 * declare elements and attributes, as Fink's does; entities are refused, and nothing outside the file is read.
 * @throws UsageError that names the file
 */
export function readFinkRules(path: string): DistributionRules {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > LARGEST) throw new Error(`it has ${size} bytes, ${LARGEST} at most are read`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot read the rules: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  return parseFinkRules(text, path);
}

/** As {@link readFinkRules}, for text; `path` is for errors. */
export function parseFinkRules(text: string, path: string): DistributionRules {
  const refuse = (why: string): never => {
    throw new UsageError(`${path}: ${printable(why, 300)}`, { code: 'APF_SETTINGS' });
  };
  const columns = columnsOf(text, (why) => refuse(`invalid xml file: ${why}`));
  const paths = (section: Section): string[] => columns[section].map((column) => column.path);
  if (columns.select.length === 0) refuse('invalid xml file: it selects no column');
  const select = paths('select').filter((each) => each !== STATUS);
  const drop = paths('drop').filter((each) => each !== STATUS);
  const conditions = columns.filter.map((column) => {
    const within = (others: readonly string[]): boolean =>
      others.some((other) => other === column.path || column.path.startsWith(`${other}.`));
    const partly = [...select, ...drop].some((other) => other.startsWith(`${column.path}.`));
    if (partly) return refuse(`To apply rule, please select subcol for: ${column.path}`);
    if (!within(paths('select')) || within(drop))
      return refuse(`Can't apply rule: invalid column: ${column.path}`);
    return conditionOf(column, refuse);
  });
  return { select, drop, ...(conditions.length === 0 ? {} : { filter: conditions.join(' and ') }) };
}

function columnsOf(text: string, refuse: (why: string) => never): Columns {
  const columns: Columns = { select: [], drop: [], filter: [] };
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('doctype', (declared) => {
    if (/<!ENTITY|%/i.test(declared)) refuse('its document type declares entities, which are not taken');
    if (/^\s*\S+\s+(SYSTEM|PUBLIC)\b/.test(declared))
      refuse('its document type is in another file, which is not read');
  });
  parser.on('error', (error) => refuse(error.message));
  parser.on('opentag', ({ name, attributes }) => {
    const [, section] = open;
    const depth = open.push(name);
    if (depth === 1 && name !== ROOT) refuse(`its root is <${name}>, not <${ROOT}>`);
    if (depth === 2 && !SECTIONS.includes(name as Section))
      refuse(`<${name}> is none of <${SECTIONS.join('>, <')}>`);
    if (depth === 3) {
      if (name !== 'column') refuse(`<${name}> stands where <column> is expected`);
      columns[section as Section].push(columnOf(attributes, refuse));
    }
    if (depth > 3) refuse(`<${name}> stands inside a column`);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return columns;
}

function columnOf(attributes: Readonly<Record<string, string>>, refuse: (why: string) => never): Column {
  const { name, subcol, operator, value } = attributes;
  if (name === undefined) return refuse('a column has no name');
  for (const part of subcol === undefined ? [name] : [name, subcol])
    if (!NAME.test(part)) refuse(`'${part}' is no name of a column`);
  return { path: subcol === undefined ? name : `${name}.${subcol}`, operator, value };
}

/** A rule as an expression. Its value is a number or a text between single quotes, and nothing else. */
function conditionOf({ path, operator, value }: Column, refuse: (why: string) => never): string {
  const compare = operator === undefined ? undefined : OPERATORS[operator];
  if (compare === undefined) return refuse(`the operator of the rule on ${path} must be &lt;, = or &gt;`);
  const given = value?.trim() ?? '';
  const text = /^'([^']*)'$/.exec(given)?.[1];
  if (text === undefined && !NUMBER.test(given))
    return refuse(`the value of the rule on ${path} is a number, or a text within single quotes`);
  const literal = text === undefined ? given.replace(/^\+/, '') : `'${text.replaceAll('\\', '\\\\')}'`;
  const name = path.split('.').map((part) => `\`${part}\``);
  return `${name.join('.')} ${compare} ${literal}`;
}

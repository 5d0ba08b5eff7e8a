import { parseSchema, tableOf, UsageError, type TableModel } from '@apf/core';

const record = (fields: object[]): ReturnType<typeof parseSchema> =>
  parseSchema({ type: 'record', name: 'night', doc: 'what a night gave', fields });

const table = (fields: object[], key = ['candid']): TableModel =>
  tableOf(record(fields), { name: 'night', key });

const candid = { name: 'candid', type: 'long' };

/** Of one field's type, what its column is: `double?` where it may be null. */
function columnOf(type: unknown): string {
  const { type: column, nullable } = table([candid, { name: 'x', type }]).columns[1]!;
  return nullable ? `${column}?` : column;
}

describe('the table of a schema', () => {
  it.each([
    ['boolean', 'boolean'],
    ['int', 'int32'],
    ['long', 'int64'],
    ['float', 'float'],
    ['double', 'double'],
    ['string', 'text'],
    ['bytes', 'bytes'],
    [['float', 'null'], 'float?'],
    [['null', 'long'], 'int64?'],
    ['null', 'json?'],
  ])('has for %j a column of %s', (type, column) => {
    expect(columnOf(type)).toBe(column);
  });

  it('keeps nested values as JSON, enums as text, fixed as bytes', () => {
    expect(columnOf({ type: 'array', items: 'float' })).toBe('json');
    expect(columnOf([{ type: 'map', values: 'float' }, 'null'])).toBe('json?');
    expect(columnOf({ type: 'record', name: 'r', fields: [] })).toBe('json');
    expect(columnOf({ type: 'enum', name: 'band', symbols: ['g', 'r'] })).toBe('text');
    expect(columnOf({ type: 'fixed', name: 'hash', size: 16 })).toBe('bytes');
  });

  it('widens a union to a column that changes no value of it', () => {
    expect(columnOf(['null', 'int', 'long'])).toBe('int64?');
    expect(columnOf(['float', 'int'])).toBe('double');
    expect(columnOf(['float', 'double', 'null'])).toBe('double?');
    // A double cannot hold every 64-bit integer.
    expect(columnOf(['long', 'double'])).toBe('json');
    expect(columnOf(['string', 'long'])).toBe('json');
  });

  it('never lets a key be null, and takes docs along', () => {
    const made = table([{ name: 'oid', type: ['null', 'string'], doc: 'id of the object' }], ['oid']);
    expect(made).toEqual({
      name: 'night',
      doc: 'what a night gave',
      columns: [{ name: 'oid', type: 'text', nullable: false, doc: 'id of the object' }],
      key: ['oid'],
      indexes: [],
    });
  });

  it('takes names that are legal in no language, as surveys publish them', () => {
    const names = ['candid', 'W1-W2', 'Power_rate_1/2', 'select', 'naïve "x"'];
    const { columns } = table(names.map((name) => ({ name, type: 'long' })));
    expect(columns.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['over 63 bytes', 'é'.repeat(32), /64 bytes, more than the 63/],
    ['of no character', '', /empty name/],
    ['with a NUL', 'a\0b', /control character/],
    ['with half a surrogate pair', 'a\ud800', /half a character/],
    ['that another one is but for its case', 'Candid', /differs from "candid" only in upper and lower case/],
  ])('refuses a name %s', (_, name, why) => {
    expect(() => table([candid, { name, type: 'long' }])).toThrow(why);
    expect(() => tableOf(record([candid]), { name: name === 'Candid' ? '' : name, key: ['candid'] })).toThrow(
      UsageError,
    );
  });

  it('takes a name of 63 bytes', () => {
    expect(table([candid, { name: `${'é'.repeat(31)}x`, type: 'long' }]).columns).toHaveLength(2);
  });

  it('refuses a key that is missing, unknown or nested, and a schema that is no record', () => {
    expect(() => table([candid], [])).toThrow('has no key');
    expect(() => table([candid], ['oid'])).toThrow('has no column "oid"');
    const nested = { name: 'list', type: { type: 'array', items: 'long' } };
    expect(() => table([nested], ['list'])).toThrow('can be no key');
    expect(() => tableOf(parseSchema('"long"'), { name: 't', key: ['x'] })).toThrow('made of a record');
  });
});

import { parseSchema, schemaToTypes } from '../../src/codecs/index.js';
import { compile } from './compile-types.js';

const all = parseSchema({
  type: 'record',
  name: 'survey.alert',
  doc: 'An alert. */ with an end\nand two lines',
  fields: [
    { name: 'candid', type: 'long', doc: 'unique id' },
    { name: 'mag', type: ['float', 'null'] },
    { name: 'W1-W2', type: ['null', 'double'] },
    { name: "it's\\", type: 'boolean' },
    { name: '__proto__', type: 'string' },
    { name: 'class', type: { type: 'enum', name: 'class', symbols: ['SN', "it's", 'a"b'] } },
    {
      name: 'cutout',
      type: ['null', { type: 'record', name: 'cutout', fields: [{ name: 'stampData', type: 'bytes' }] }],
    },
    { name: 'hash', type: { type: 'fixed', name: 'md5', size: 16 } },
    { name: 'previous', type: ['null', { type: 'array', items: ['null', 'survey.cutout'] }] },
    { name: 'nested', type: { type: 'array', items: { type: 'array', items: 'int' } } },
    {
      name: 'hierarchical',
      type: {
        type: 'map',
        values: [
          { type: 'map', values: 'float' },
          { type: 'map', values: { type: 'map', values: 'float' } },
        ],
      },
    },
    { name: 'maps', type: { type: 'array', items: { type: 'map', values: ['null', 'long'] } } },
    {
      name: 'other',
      type: { type: 'record', name: 'other.cutout', fields: [{ name: 'x', type: 'survey.cutout' }] },
    },
    {
      name: 'third',
      type: { type: 'record', name: 'more.other.cutout', fields: [{ name: 'y', type: 'null' }] },
    },
    {
      name: 'twice',
      type: { type: 'record', name: 'survey.cutout', fields: [{ name: 'stampData', type: 'bytes' }] },
    },
    { name: 'tree', type: ['null', 'survey.alert'] },
    { name: 'buffer', type: { type: 'record', name: 'buffer', fields: [] } },
    { name: 'number', type: { type: 'record', name: '1 + 2', fields: [] } },
    { name: 'mag', type: 'double' },
  ],
});

describe('types of a schema', () => {
  it('say what a decoder gives', () => {
    expect(schemaToTypes(all, { rootName: 'Alert' })).toBe(`/**
 * An alert. *\\/ with an end
 * and two lines
 */
export interface Alert {
  /** unique id */
  candid: bigint;
  mag: number;
  'W1-W2': number | null;
  'it\\'s\\\\': boolean;
  __proto__: string;
  class: Class;
  cutout: Cutout | null;
  hash: Buffer;
  previous: (Cutout | null)[] | null;
  nested: number[][];
  hierarchical: Record<string, Record<string, number> | Record<string, Record<string, number>>>;
  maps: Record<string, bigint | null>[];
  other: OtherCutout;
  third: Cutout2;
  twice: Cutout;
  tree: Alert | null;
  buffer: SurveyBuffer;
  number: Type12;
}

export type Class = 'SN' | 'it\\'s' | 'a"b';

export interface Cutout {
  stampData: Buffer;
}

export interface OtherCutout {
  x: Cutout;
}

export interface Cutout2 {
  y: null;
}

export interface SurveyBuffer {
}

export interface Type12 {
}
`);
  });

  it('compile, and take the values that the schema takes', () => {
    const use = `
      declare const alert: Alert;
      const id: bigint = alert.candid;
      const colour: number | null = alert['W1-W2'];
      const p: number | Record<string, number> | undefined = alert.hierarchical['a']?.['b'];
      export const all = [id, colour, p, alert.previous?.[0]?.stampData.toString('base64')];
    `;
    expect(compile(schemaToTypes(all, { rootName: 'Alert' }) + use)).toBe('');
    expect(compile(`${schemaToTypes(all)}\nexport const wrong: number = ({} as Alert).candid;`)).toContain(
      "Type 'bigint' is not assignable to type 'number'",
    );
  });

  it('have a name for a root that is no record', () => {
    expect(schemaToTypes(parseSchema('["null","long"]'))).toBe('export type Alert = bigint | null;\n');
    expect(schemaToTypes(parseSchema('"string"'), { rootName: 'class name' })).toBe(
      'export type ClassName = string;\n',
    );
    expect(schemaToTypes(parseSchema('{"type":"record","name":"a b","fields":[]}'))).toContain(
      'interface AB {',
    );
  });
});

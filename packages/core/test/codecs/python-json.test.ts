import { createHash } from 'node:crypto';
import {
  parseSchema,
  pythonFloat,
  readContainer,
  readContainerHeader,
  toPythonJson,
  writeContainer,
} from '../../src/codecs/index.js';
import { alertsFolder, describeReal, readAlert } from './real-data.js';

/** From CPython 3.11: `repr` of these floats. */
it.each([
  [73, '73.0'],
  [0, '0.0'],
  [-0, '-0.0'],
  [1e16, '1e+16'],
  [1e15, '1000000000000000.0'],
  [123456789012345680, '1.2345678901234568e+17'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [-1.5e-7, '-1.5e-07'],
  [1.7976931348623157e308, '1.7976931348623157e+308'],
  [5e-324, '5e-324'],
  [Math.fround(81.891395), '81.89139556884766'],
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [-Infinity, '-Infinity'],
])('pythonFloat(%d) is %s', (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

it('1.9: keys sorted, indent 4, floats with .0, 64-bit integers exact', () => {
  const schema = parseSchema({
    type: 'record',
    name: 'a',
    fields: [
      { name: 'z', type: ['null', 'float'] },
      { name: 'id', type: 'long' },
      { name: 'count', type: 'int' },
      { name: 'list', type: { type: 'array', items: 'double' } },
      { name: 'none', type: { type: 'array', items: 'double' } },
      { name: 'text', type: 'string' },
      {
        name: 'inner',
        type: ['null', { type: 'record', name: 'i', fields: [{ name: 'x', type: 'double' }] }],
      },
      { name: 'absent', type: ['null', 'bytes'] },
    ],
  });
  const value = {
    z: 73,
    id: 9007199254740993n,
    count: 3,
    list: [1, NaN],
    none: [],
    text: 'é"\n\u{1f52d}',
    inner: { x: 2 },
    absent: null,
  };
  const { records } = readContainer(writeContainer(schema, [value]));
  // As json.dumps(alert, indent=4, sort_keys=True) of Python 3.11 prints it.
  expect(toPythonJson(records[0], schema)).toBe(`{
    "absent": null,
    "count": 3,
    "id": 9007199254740993,
    "inner": {
        "x": 2.0
    },
    "list": [
        1.0,
        NaN
    ],
    "none": [],
    "text": "\\u00e9\\"\\n\\ud83d\\udd2d",
    "z": 73.0
}`);
});

describeReal(alertsFolder, 'APF_ALERTS')('a real ELAsTICC alert', () => {
  it("1.9: is byte by byte what Fink's script prints", () => {
    // Any alert of the same version has the schema in its header.
    const { schema } = readContainerHeader(
      readAlert('pipeline/data/alert_mjd59954.1747_obj811_src1622034.avro'),
    );
    const bytes = readAlert('fink-golden/elasticc_obj747_src1494043.schemaless.bin');
    const value = schema.decoder().decode(bytes);
    const text = `${toPythonJson(value, schema)}\n`;
    expect(text).toBe(readAlert('fink-golden/elasticc_obj747_src1494043.json').toString());
    expect(createHash('sha256').update(text).digest('hex')).toMatch(/^e8da4777/);
    expect(schema.encode(value).equals(bytes)).toBe(true);
  });
});

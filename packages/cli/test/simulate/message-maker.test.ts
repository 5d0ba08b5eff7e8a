import { createCodec, parseSchema, writeContainer } from '@apf/core';
import { MessageMaker } from '../../src/simulate/message-maker.js';
import { ELASTICC, elasticcAlert } from './elasticc-alerts.js';

const alert = elasticcAlert(5n, 1.5);
const datum = ELASTICC.encode(alert);

describe('the messages of a simulation', () => {
  it('are bare values without a key (fink 1.7)', () => {
    expect(new MessageMaker('schemaless').message(datum, ELASTICC)).toEqual({ value: datum, key: null });
  });

  it('are containers: the very file of an alert that is alone in one, else one with the same schema', () => {
    const maker = new MessageMaker('container');
    const file = writeContainer(ELASTICC, [alert], { codec: 'deflate' });
    expect(maker.message(datum, ELASTICC, file).value).toBe(file);
    const { value, key } = maker.message(datum, ELASTICC);
    expect(createCodec({ framing: 'container' }).decode(value)).toEqual([alert]);
    expect(value.includes(ELASTICC.json)).toBe(true);
    expect(key).toBeNull();
  });

  it("have Confluent's header with the id that is given, Rubin's by the version, or 1", () => {
    const idOf = (maker: MessageMaker, name: string): number => {
      const schema = parseSchema({ type: 'record', name, fields: [] });
      return maker.message(datum, schema).value.readUInt32BE(1);
    };
    const maker = new MessageMaker('confluent');
    const { value } = maker.message(datum, ELASTICC);
    expect(value.subarray(0, 5).toString('hex')).toBe('0000000001');
    expect(value.subarray(5)).toEqual(datum);
    expect(idOf(maker, 'lsst.v7_2.alert')).toBe(702);
    expect(idOf(maker, 'lsst.v11_0.alert')).toBe(1100);
    // An id of alert_stream in 2019: it does not fit 32 bits with a sign.
    expect(idOf(new MessageMaker('confluent', 2_641_075_771), 'lsst.v7_2.alert')).toBe(2_641_075_771);
  });

  it('have the schema in their key, as Fink sends them', () => {
    const { value, key } = new MessageMaker('schema-in-key').message(datum, ELASTICC);
    const codec = createCodec({ framing: 'schema-in-key' });
    const message = { topic: 't', partition: 0, offset: 0, value, key };
    expect(codec.decode(value, message)).toEqual([alert]);
  });
});

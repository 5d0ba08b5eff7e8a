import type { Header } from '@apf/core';
import fc from 'fast-check';
import { BASE64_PREFIX, producedHeaders } from '../../src/kafka/message-headers.js';

describe('headers as node-rdkafka can send them', () => {
  it('give every value back, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const value = Buffer.from(bytes);
        const [header] = producedHeaders([{ trace: value }]);
        const [[name, text] = ['', '']] = Object.entries(header ?? {});
        const back = name.startsWith(BASE64_PREFIX) ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
        expect(back.equals(value)).toBe(true);
        expect(name.replace(BASE64_PREFIX, '')).toBe('trace');
      }),
    );
  });

  it('leave text as it is, and keep repeated names in order', () => {
    const headers: Header[] = [{ a: 'é' }, { a: Buffer.from('second') }, { b: '' }];
    expect(producedHeaders(headers)).toEqual([{ a: 'é' }, { a: 'second' }, { b: '' }]);
  });
});

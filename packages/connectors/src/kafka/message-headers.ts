import type { Header } from '@apf/core';
import type { ProducedHeaders } from './confirmed-producer.js';

/** Put before the name of a header whose value is not UTF-8; the value is then in base64. */
export const BASE64_PREFIX = 'apf-base64-';

/**
 * Headers as node-rdkafka can send them: it turns each value into text. A value that is not UTF-8 would be changed by
 * that, so it goes in base64, and its name says so.
 */
export function producedHeaders(headers: readonly Header[]): ProducedHeaders {
  return headers.flatMap((header) =>
    Object.entries(header).map(([name, value]) => {
      if (typeof value === 'string') return { [name]: value };
      const text = value.toString('utf8');
      return Buffer.from(text, 'utf8').equals(value)
        ? { [name]: text }
        : { [BASE64_PREFIX + name]: value.toString('base64') };
    }),
  );
}

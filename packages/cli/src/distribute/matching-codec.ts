import type { CrossMatch } from '@apf/alerts';
import { type Codec, FatalError, type RawMessage, type StreamAlert, type WrittenAlert } from '@apf/core';

type Matched = ReturnType<CrossMatch['fieldsOf']>;

/** Alerts of another codec, with what a catalogue knows of the nearest source. */
export class MatchingCodec implements Codec<StreamAlert> {
  private readonly matched = new WeakMap<RawMessage, readonly Matched[]>();

  constructor(
    private readonly inner: Codec<StreamAlert>,
    private readonly match: CrossMatch,
  ) {}

  prepare(messages: readonly RawMessage[]): Promise<void> | undefined {
    return this.inner.prepare?.(messages);
  }

  decode(bytes: Buffer, message?: RawMessage): StreamAlert[] {
    const matched: Matched[] = [];
    const alerts = this.inner.decode(bytes, message).map(({ value, schema, framing }) => {
      const fields = this.match.fieldsOf(value);
      matched.push(fields);
      return {
        value: { ...(value as object), ...fields },
        schema: schema && this.match.extend(schema),
        framing,
      };
    });
    if (message) this.matched.set(message, matched);
    return alerts;
  }

  written(message: RawMessage, record: number): WrittenAlert | undefined {
    const written = this.inner.written?.(message, record);
    const fields = this.matched.get(message)?.[record];
    return written && fields && this.match.extendBytes(written, fields);
  }

  encode(): Buffer {
    throw new FatalError('matched alerts are read here, not written');
  }
}

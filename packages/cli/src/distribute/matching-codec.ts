import type { CrossMatch } from '@apf/alerts';
import { type Codec, FatalError, type RawMessage, type StreamAlert, type WrittenAlert } from '@apf/core';

/** Alerts of another codec, with what a catalogue knows of the nearest source. */
export class MatchingCodec implements Codec<StreamAlert> {
  constructor(
    private readonly inner: Codec<StreamAlert>,
    private readonly match: CrossMatch,
  ) {}

  prepare(messages: readonly RawMessage[]): Promise<void> | undefined {
    return this.inner.prepare?.(messages);
  }

  decode(bytes: Buffer, message?: RawMessage): StreamAlert[] {
    return this.inner.decode(bytes, message).map(({ value, schema, framing }) => ({
      value: { ...(value as object), ...this.match.fieldsOf(value) },
      schema: schema && this.match.extend(schema),
      framing,
    }));
  }

  /** As it was before. */
  written(message: RawMessage, record: number): WrittenAlert | undefined {
    return this.inner.written?.(message, record);
  }

  encode(): Buffer {
    throw new FatalError('matched alerts are read here, not written');
  }
}

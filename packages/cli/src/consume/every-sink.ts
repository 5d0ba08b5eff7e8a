import type { Outgoing, Refused, Sink } from '@apf/core';

/** Several sinks as one, in their order: what one refuses is refused. */
export function everySink<T>(sinks: readonly Sink<T>[]): Sink<T> | undefined {
  if (sinks.length < 2) return sinks[0];
  return {
    open: async () => {
      for (const sink of sinks) await sink.open();
    },
    write: async (batch: readonly Outgoing<T>[]) => {
      const refused: Refused[] = [];
      for (const sink of sinks) refused.push(...((await sink.write(batch)) ?? []));
      return refused;
    },
    flush: async (signal) => {
      const refused: Refused[] = [];
      for (const sink of sinks) refused.push(...((await sink.flush(signal)) ?? []));
      return refused;
    },
    close: async () => {
      for (const sink of sinks) await sink.close();
    },
  };
}

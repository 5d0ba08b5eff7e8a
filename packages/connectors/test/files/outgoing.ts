import type { Outgoing } from '@apf/core';

/** Values as a run hands them to a sink. */
export function outgoing<T>(...values: T[]): Outgoing<T>[] {
  return values.map((value, offset) => ({
    value,
    origin: { topic: 'alerts', partition: 0, offset, value: Buffer.from('origin') },
  }));
}

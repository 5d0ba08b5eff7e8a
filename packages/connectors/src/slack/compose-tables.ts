import type { Outgoing } from '@apf/core';
import { classTables, type ClassTableOptions } from './class-tables.js';
import type { Compose } from './slack-sink.js';

/** Posts of results that are rows: a table of each class. Rows that are in none are done. */
export function composeTables(options: ClassTableOptions): Compose {
  return (batch: readonly Outgoing[]) => ({
    posts: classTables(batch, options, ({ value }) => value).map(({ channel, text, items }) => ({
      channel,
      text,
      outgoing: items,
    })),
    refused: [],
  });
}

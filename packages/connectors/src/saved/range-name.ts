import type { TopicPartition } from '@apf/core';

/** What a file with many alerts says by its name: from which partition they are, and their first and last offset. */
export interface SavedRange extends TopicPartition {
  readonly first: number;
  readonly last: number;
}

/** `ztf_20210315-3-000000000120-000000000219.parquet`: topics have no characters that a file name may not have. */
export function rangeName({ topic, partition, first, last }: SavedRange, extension: string): string {
  return `${topic}-${partition}-${digits(first)}-${digits(last)}.${extension}`;
}

/** Undefined for a file that has another name than {@link rangeName} gives. */
export function parseRangeName(name: string, extension: string): SavedRange | undefined {
  const match = /^(.+)-(\d+)-(\d{12,})-(\d{12,})\.([a-z]+)$/.exec(name);
  if (match?.[5] !== extension) return undefined;
  return { topic: match[1]!, partition: Number(match[2]), first: Number(match[3]), last: Number(match[4]) };
}

const digits = (offset: number): string => String(offset).padStart(12, '0');

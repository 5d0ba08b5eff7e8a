import type { AvroSchema } from '@apf/core';
import type { AppendFile } from '../files/append-file.js';
import type { SavedAlert } from './alert-bytes.js';

/** Alerts on their way into one file. */
export interface AlertWriter {
  /** Takes alerts; they may wait in memory until `finish`. */
  add(alerts: readonly SavedAlert[]): Promise<void>;
  /** Writes what is left, and what ends the file. */
  finish(): Promise<void>;
}

/** How alerts are kept in a file with many of them. */
export interface FileFormat {
  /** Without its dot. */
  readonly extension: string;
  /** False where alerts that came as JSON can be kept too. */
  readonly needsSchema: boolean;
  begin(file: AppendFile, schema: AvroSchema | undefined): Promise<AlertWriter>;
}

import { SURVEYS } from '@apf/alerts';

export const FORMATS = ['json', 'table', 'avro', 'csv', 'parquet', 'fink', 'none'] as const;
export type Format = (typeof FORMATS)[number];

export const FRAMINGS_OF_STREAMS = ['container', 'confluent', 'schemaless', 'json', 'schema-in-key'] as const;

export const SURVEY_NAMES = SURVEYS;

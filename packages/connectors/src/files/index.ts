export { AvroFileSink, type AvroFileSinkOptions } from './avro-file-sink.js';
export { AvroFileSource, type AvroFileSourceOptions } from './avro-file-source.js';
export { CsvSink, type CsvSinkOptions } from './csv-sink.js';
export { CsvSource, type CsvSourceOptions } from './csv-source.js';
export { FolderDeadLetterSink, type FolderDeadLetterSinkOptions } from './folder-dead-letter-sink.js';
export { makeFolder } from './folder.js';
export { JsonLinesSink, type JsonLinesSinkOptions } from './json-lines-sink.js';
export { JsonLinesSource, type JsonLinesSourceOptions } from './json-lines-source.js';
export { ParquetFile } from './parquet-file.js';

export { createCodec, type CodecOptions, type Framing } from './codec.js';
export type { ContainerCodec } from './compression.js';
export {
  ContainerReader,
  ContainerWriter,
  readContainer,
  readContainerHeader,
  writeContainer,
  type Container,
  type ContainerHeader,
  type WriteContainerOptions,
} from './container.js';
export { DatumReader, type DatumBlock } from './datum-reader.js';
export type { Datum, Decoder, DecoderOptions } from './decoder.js';
export type { Int64 } from './decoder-source.js';
export { type AddedField, extendSchema } from './extend-schema.js';
export { detectFraming, type DetectedFraming, framingError, writeConfluent } from './framing.js';
export {
  FILE_FRAMINGS,
  inspectFile,
  type FileFraming,
  type InspectedFile,
  type InspectOptions,
  type Inspection,
} from './inspect.js';
export { parseJson } from './json.js';
export { projectSchema } from './project-schema.js';
export { pythonFloat, toPythonJson } from './python-json.js';
export type { FieldNode, RecordNode, SchemaNode } from './schema-node.js';
export {
  StreamCodec,
  type DetectedStream,
  type StreamAlert,
  type StreamCodecOptions,
} from './stream-codec.js';
export { loadSchema } from './load-schema.js';
export { AvroSchema, parseSchema, type ParseSchemaOptions } from './schema.js';
export { folderSchemaSource, lsstVersionOf, type SchemaSource } from './schema-source.js';
export { schemaToTypes, type SchemaToTypesOptions } from './schema-types.js';
export { shortestFloat, toJson, type ToJsonOptions } from './to-json.js';

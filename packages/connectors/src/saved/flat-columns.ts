import type { AvroSchema, SchemaNode } from '@apf/core';

/** The columns of {@link flatRow} for a schema's alerts: a record that may be null has the columns of its fields. */
export function flatColumns(schema: AvroSchema): string[] {
  const columns: string[] = [];
  visit(schema.root, '', columns, new Set());
  return columns;
}

function visit(node: SchemaNode, name: string, columns: string[], above: ReadonlySet<SchemaNode>): void {
  const records = (node.kind === 'union' ? node.branches : [node]).filter(
    (branch) => branch.kind === 'record',
  );
  const [record] = records;
  const others =
    node.kind === 'union' ? node.branches.filter(({ kind }) => kind !== 'record' && kind !== 'null') : [];
  if (records.length !== 1 || record?.kind !== 'record' || others.length > 0 || above.has(record)) {
    columns.push(name);
    return;
  }
  for (const field of record.fields)
    visit(
      field.node,
      name === '' ? field.name : `${name}.${field.name}`,
      columns,
      new Set([...above, record]),
    );
}

import type { EnumNode, FieldNode, RecordNode, SchemaNode } from './schema-node.js';
import type { AvroSchema } from './schema.js';

export interface SchemaToTypesOptions {
  /** The name of the root's type; made of the schema's own name unless given. */
  readonly rootName?: string | undefined;
}

/**
 * TypeScript declarations of the values that a decoder gives: an interface for each record, a union of literals for
 * each enum. 64-bit integers are bigint, `bytes` and `fixed` Buffer, maps `Record<string, …>`, nullables `… | null`;
 * docs become comments.
 */
export function schemaToTypes(schema: AvroSchema, options: SchemaToTypesOptions = {}): string {
  return new TypeWriter().write(schema.root, options.rootName);
}

/** Names that the declarations use for something else. */
const TAKEN = ['Buffer', 'Record'];

class TypeWriter {
  private readonly names = new Map<SchemaNode, string>();
  private readonly taken = new Set(TAKEN);
  private readonly declared: (RecordNode | EnumNode)[] = [];
  private readonly declarations: string[] = [];

  write(root: SchemaNode, rootName: string | undefined): string {
    if (root.kind === 'record' || root.kind === 'enum') {
      this.declare(root, identifier(rootName ?? lastPart(root.name)));
    } else {
      const name = this.free([identifier(rootName ?? 'Alert')]);
      this.declarations.push(`export type ${name} = ${this.typeOf(root)};`);
    }
    return `${this.declarations.join('\n\n')}\n`;
  }

  private typeOf(node: SchemaNode): string {
    switch (node.kind) {
      case 'null':
      case 'boolean':
      case 'string':
        return node.kind;
      case 'int':
      case 'float':
      case 'double':
        return 'number';
      case 'long':
        return 'bigint';
      case 'bytes':
      case 'fixed':
        return 'Buffer';
      case 'array': {
        const items = this.typeOf(node.items);
        return /[ |]/.test(items) && !items.startsWith('Record<') ? `(${items})[]` : `${items}[]`;
      }
      case 'map':
        return `Record<string, ${this.typeOf(node.values)}>`;
      case 'union': {
        const types = new Set(node.branches.map((branch) => this.typeOf(branch)));
        // Null last, as people write it.
        if (types.delete('null')) types.add('null');
        return [...types].join(' | ') || 'never';
      }
      case 'record':
      case 'enum':
        return this.nameOf(node);
    }
  }

  private nameOf(node: RecordNode | EnumNode): string {
    const known = this.names.get(node);
    if (known) return known;
    const twin = this.declared.find((other) => isSame(other, node, new Map()));
    if (twin) {
      const name = this.names.get(twin)!;
      this.names.set(node, name);
      return name;
    }
    const short = lastPart(node.name);
    const namespace = lastPart(node.name.slice(0, -short.length - 1));
    return this.declare(node, identifier(short), identifier(`${namespace}_${short}`));
  }

  private declare(node: RecordNode | EnumNode, ...wanted: readonly string[]): string {
    const name = this.free(wanted);
    this.names.set(node, name);
    this.declared.push(node);
    // The root's declaration comes first, those it needs in the order of its fields.
    const slot = this.declarations.push('') - 1;
    this.declarations[slot] = comment(node.doc, '') + this.declaration(node, name);
    return name;
  }

  private declaration(node: RecordNode | EnumNode, name: string): string {
    if (node.kind === 'enum') {
      return `export type ${name} = ${node.symbols.map(quoted).join(' | ') || 'never'};`;
    }
    // Of a repeated field the last is what a decoder gives.
    const fields = new Map(node.fields.map((field) => [field.name, field]));
    return `export interface ${name} {\n${[...fields.values()].map((field) => this.member(field)).join('')}}`;
  }

  private member(field: FieldNode): string {
    const name = /^[A-Za-z_$][\w$]*$/.test(field.name) ? field.name : quoted(field.name);
    return `${comment(field.doc, '  ')}  ${name}: ${this.typeOf(field.node)};\n`;
  }

  private free(wanted: readonly string[]): string {
    let name = wanted.find((candidate) => !this.taken.has(candidate));
    for (let i = 2; name === undefined; i++) {
      const numbered = `${wanted[0]}${i}`;
      if (!this.taken.has(numbered)) name = numbered;
    }
    this.taken.add(name);
    return name;
  }
}

/** Whether two definitions of one name say the same. */
function isSame(a: SchemaNode, b: SchemaNode, assumed: Map<SchemaNode, SchemaNode>): boolean {
  if (a === b || assumed.get(a) === b) return true;
  assumed.set(a, b);
  if (a.kind === 'record' && b.kind === 'record') {
    return (
      a.name === b.name &&
      a.fields.length === b.fields.length &&
      a.fields.every((field, i) => {
        const other = b.fields[i]!;
        return field.name === other.name && isSame(field.node, other.node, assumed);
      })
    );
  }
  if (a.kind === 'enum' && b.kind === 'enum') {
    return a.name === b.name && a.symbols.join('\n') === b.symbols.join('\n');
  }
  if (a.kind === 'array' && b.kind === 'array') return isSame(a.items, b.items, assumed);
  if (a.kind === 'map' && b.kind === 'map') return isSame(a.values, b.values, assumed);
  if (a.kind === 'union' && b.kind === 'union') {
    return (
      a.branches.length === b.branches.length &&
      a.branches.every((branch, i) => isSame(branch, b.branches[i]!, assumed))
    );
  }
  return a.kind === b.kind;
}

function lastPart(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** `prv_candidate` → `PrvCandidate`; anything that is no letter or digit separates words. */
function identifier(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Za-z]/.test(joined) ? joined : `Type${joined}`;
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

function comment(doc: string | undefined, margin: string): string {
  const lines = (doc ?? '')
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${margin}/** ${lines[0]} */\n`;
  return `${margin}/**\n${lines.map((line) => `${margin} * ${line}\n`).join('')}${margin} */\n`;
}

import { costOf, recursiveRecords, type Cost, type RecordNode, type SchemaNode } from './schema-node.js';

/** How 64-bit integers are given: exactly, as decimal text, or as a number that is refused where it is not exact. */
export type Int64 = 'bigint' | 'string' | 'number';

/** What is wanted of a value: all of it, or of a record (or of the records within) these fields. */
export type Projection = true | ReadonlyMap<string, Projection>;

const LONG_METHODS = { bigint: 'long', string: 'longText', number: 'longNumber' } as const;

/** Beyond this many fields a record's function would be too large for V8's optimising compiler if all were inlined. */
const INLINED_FIELDS = 400;

/**
 * Writes the JavaScript of a decoder. One function a record; within it a position `p` in a local variable, and a
 * statement sequence for each field that reads the common short forms in line and calls the `Reader` R for the others.
 * Every name of the schema goes through JSON.stringify, and none is used as an identifier: schemas are hostile input.
 *
 * The result is the body of a function of (R, E), E being the enums' symbols, that returns `{ full, last }`: `full(p)`
 * reads one value and leaves its end in R.pos; `last(p)` may stop after the last field that the projection wants.
 */
export class DecoderSource {
  readonly symbols: (readonly string[])[] = [];
  private readonly functions: string[] = [];
  private readonly names = new Map<SchemaNode, Map<string, string>>();
  private readonly costs = new Map<SchemaNode, Cost>();
  private readonly fixedSizes = new Map<RecordNode, number | undefined>();
  private readonly recursive: ReadonlySet<RecordNode>;
  private variables = 0;
  private inline = true;

  constructor(
    private readonly root: SchemaNode,
    private readonly int64: Int64,
    private readonly projection: Projection,
  ) {
    this.recursive = recursiveRecords(root);
  }

  /** What the root can make of no bytes at all; see `costOf`. */
  get gain(): number {
    return costOf(this.root, this.costs).gain;
  }

  write(): string {
    const full = this.rootFunction('full', false);
    const last = this.projection === true ? full.replace('full', 'last') : this.rootFunction('last', true);
    return ['"use strict";', ...this.functions, full, last, 'return { full, last };'].join('\n');
  }

  private rootFunction(name: string, stopEarly: boolean): string {
    if (this.root.kind === 'record') {
      return `const ${name} = ${this.recordFunction(this.root, this.projection, stopEarly)};`;
    }
    const body = this.read(this.root, 'v', this.projection);
    return `function ${name}(p) { const b = R.bytes, d = R.view; let k = 0, v; ${body} R.pos = p; return v; }`;
  }

  private variable(): string {
    return `v${this.variables++}`;
  }

  /** The statements that read a value at `p` into `target`, and move `p` behind it. */
  private read(node: SchemaNode, target: string, wanted: Projection): string {
    switch (node.kind) {
      case 'null':
        return `${target} = null;`;
      case 'float':
        return `${target} = d.getFloat32(p, true); p += 4;`;
      case 'double':
        return `${target} = d.getFloat64(p, true); p += 8;`;
      case 'boolean':
        return `${target} = R.boolean(p++);`;
      case 'int':
        if (!this.inline) return `${target} = R.int(p); p = R.pos;`;
        return `if ((k = b[p]) < 128) { ${target} = (k >>> 1) ^ -(k & 1); p++; } else { ${target} = R.int(p); p = R.pos; }`;
      case 'long':
        return `${target} = R.${LONG_METHODS[this.int64]}(p); p = R.pos;`;
      case 'string':
        return `${target} = R.text(p); p = R.pos;`;
      case 'bytes':
        return `${target} = R.slice(p); p = R.pos;`;
      case 'fixed':
        return `${target} = R.fixed(p, ${node.size}); p = R.pos;`;
      case 'enum':
        return `${target} = R.symbol(p, E[${this.symbols.push(node.symbols) - 1}]); p = R.pos;`;
      case 'record':
        return `${target} = ${this.recordFunction(node, wanted, false)}(p); p = R.pos;`;
      case 'union':
        return this.union(node.branches, (branch) => this.read(branch, target, wanted));
      case 'array': {
        const item = this.variable();
        const read = `let ${item}; ${this.read(node.items, item, wanted)} ${target}.push(${item});`;
        return `${target} = []; ${this.blocks(node.items, 0, read)}`;
      }
      case 'map': {
        const [key, value] = [this.variable(), this.variable()];
        const read = `const ${key} = R.text(p); p = R.pos; let ${value}; ${this.read(node.values, value, wanted)}
          R.setProperty(${target}, ${key}, ${value});`;
        return `${target} = {}; ${this.blocks(node.values, 1, read)}`;
      }
    }
  }

  /** The branch first: one byte in all but the strangest files, which `R.branch` reads. */
  private union(branches: readonly SchemaNode[], body: (branch: SchemaNode) => string): string {
    const count = branches.length;
    if (count === 0) return 'R.branch(p, 0);';
    if (count <= 2) {
      const known = branches.map((_, index) => `k !== ${index * 2}`).join(' && ');
      const check = `k = b[p++]; if (${known}) { k = R.branch(p - 1, ${count}); p = R.pos; }`;
      const second = branches[1] ? ` else { ${body(branches[1])} }` : '';
      return `${check} if (k === 0) { ${body(branches[0]!)} }${second}`;
    }
    const cases = branches.map((branch, index) => `case ${index * 2}: { ${body(branch)} break; }`).join(' ');
    return `k = b[p++]; if (!(k < ${Math.min(count * 2, 128)}) || k & 1) { k = R.branch(p - 1, ${count}); p = R.pos; }
      switch (k) { ${cases} }`;
  }

  /** The blocks of an array or a map, with `body` for each item; `keyBytes` is what a key takes at least. */
  private blocks(item: SchemaNode, keyBytes: number, body: string): string {
    const n = this.variable();
    const { bytes, gain } = this.blockCost(item, keyBytes);
    return `for (let ${n}; (${n} = R.blockCount(p, ${bytes}, ${gain})) !== 0;) { p = R.pos; for (; ${n} > 0; ${n}--) { ${body} } } p = R.pos;`;
  }

  private blockCost(item: SchemaNode, keyBytes: number): Cost {
    const { bytes, gain } = costOf(item, this.costs);
    // An array's slot counts too: a block of nulls is nothing but slots.
    return { bytes: bytes + keyBytes, gain: keyBytes > 0 ? 0 : Math.max(0, gain) };
  }

  private recordFunction(node: RecordNode, wanted: Projection, stopEarly: boolean): string {
    const key = (stopEarly ? 'last ' : '') + projectionKey(wanted);
    const names = this.namesOf(node);
    const known = names.get(key);
    if (known) return known;
    const name = `r${this.functions.length}`;
    names.set(key, name);
    const slot = this.functions.push('') - 1;
    this.functions[slot] = this.record(node, name, wanted, stopEarly);
    return name;
  }

  private namesOf(node: RecordNode): Map<string, string> {
    const names = this.names.get(node) ?? new Map<string, string>();
    this.names.set(node, names);
    return names;
  }

  private record(node: RecordNode, name: string, wanted: Projection, stopEarly: boolean): string {
    const outer = this.inline;
    this.inline = node.fields.length <= INLINED_FIELDS;
    const body: string[] = [];
    const properties: string[] = [];
    let unread: SchemaNode[] = [];
    for (const field of node.fields) {
      const part = wanted === true ? true : wanted.get(field.name);
      if (part === undefined) {
        unread.push(field.node);
        continue;
      }
      body.push(this.skipAll(unread));
      unread = [];
      const target = this.variable();
      body.push(`let ${target}; ${this.read(field.node, target, part)}`);
      // In brackets a property is defined even where it is called __proto__; V8 is slower with brackets.
      const quoted = JSON.stringify(field.name);
      properties.push(`${field.name === '__proto__' ? `[${quoted}]` : quoted}: ${target}`);
    }
    if (!stopEarly) body.push(this.skipAll(unread));
    const isRecursive = this.recursive.has(node);
    const gain = Math.max(0, costOf(node, this.costs).gain);
    this.inline = outer;
    return [
      `function ${name}(p) { const b = R.bytes, d = R.view; let k = 0;`,
      isRecursive ? `R.enter(${gain}, p);` : '',
      ...body,
      isRecursive ? 'R.depth--;' : '',
      `R.pos = p; return { ${properties.join(', ')} }; }`,
    ].join('\n');
  }

  /** The statements that move `p` behind values of these types; runs of fixed size become one addition. */
  private skipAll(nodes: readonly SchemaNode[]): string {
    const statements: string[] = [];
    let run = 0;
    for (const node of nodes) {
      const size = this.fixedSize(node);
      if (size === undefined) {
        if (run > 0) statements.push(`p += ${run};`);
        run = 0;
        statements.push(this.skip(node));
      } else run += size;
    }
    if (run > 0) statements.push(`p += ${run};`);
    return statements.join(' ');
  }

  private skip(node: SchemaNode): string {
    switch (node.kind) {
      case 'int':
      case 'long':
      case 'enum':
        return 'if (b[p] < 128) p++; else p = R.skipLong(p);';
      case 'string':
      case 'bytes':
        return 'p = R.skipBytes(p);';
      case 'record':
        return `p = ${this.skipFunction(node)}(p);`;
      case 'union':
        return this.union(node.branches, (branch) => this.skipAll([branch]));
      case 'array':
        return this.skipBlocks(node.items, 0, '');
      case 'map':
        return this.skipBlocks(node.values, 1, 'p = R.skipBytes(p);');
      default:
        return `p += ${this.fixedSize(node)};`;
    }
  }

  private skipBlocks(item: SchemaNode, keyBytes: number, skipKey: string): string {
    const n = this.variable();
    const { bytes, gain } = this.blockCost(item, keyBytes);
    const size = keyBytes === 0 ? this.fixedSize(item) : undefined;
    const skipped =
      size === undefined
        ? `for (; ${n} > 0; ${n}--) { ${skipKey} ${this.skipAll([item])} }`
        : `if (${n} > 0) p += ${n} * ${size};`;
    return `for (let ${n}; (${n} = R.skipCount(p, ${bytes}, ${gain})) !== 0;) { p = R.pos; ${skipped} } p = R.pos;`;
  }

  private skipFunction(node: RecordNode): string {
    const names = this.namesOf(node);
    const known = names.get('skip');
    if (known) return known;
    const name = `s${this.functions.length}`;
    names.set('skip', name);
    const slot = this.functions.push('') - 1;
    const body = this.skipAll(node.fields.map((field) => field.node));
    const isRecursive = this.recursive.has(node);
    this.functions[slot] = [
      `function ${name}(p) { const b = R.bytes; let k = 0;`,
      isRecursive ? 'R.enter(0, p);' : '',
      body,
      isRecursive ? 'R.depth--;' : '',
      'return p; }',
    ].join('\n');
    return name;
  }

  private fixedSize(node: SchemaNode): number | undefined {
    switch (node.kind) {
      case 'null':
        return 0;
      case 'boolean':
        return 1;
      case 'float':
        return 4;
      case 'double':
        return 8;
      case 'fixed':
        return node.size;
      case 'record':
        return this.fixedRecordSize(node);
      default:
        return undefined;
    }
  }

  private fixedRecordSize(node: RecordNode): number | undefined {
    if (this.recursive.has(node)) return undefined;
    if (this.fixedSizes.has(node)) return this.fixedSizes.get(node);
    let total: number | undefined = 0;
    for (const field of node.fields) {
      const size = this.fixedSize(field.node);
      total = size === undefined || total === undefined ? undefined : total + size;
    }
    this.fixedSizes.set(node, total);
    return total;
  }
}

function projectionKey(wanted: Projection): string {
  if (wanted === true) return 'all';
  return JSON.stringify([...wanted].map(([name, part]) => [name, projectionKey(part)]));
}

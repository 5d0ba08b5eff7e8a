/** The longest JSON value that becomes a message: an unclosed quote would otherwise swallow the rest of the file. */
const VALUE_BYTES = 64 * 1024 * 1024;

const [LF, CR, QUOTE, BACKSLASH, COMMA] = [0x0a, 0x0d, 0x22, 0x5c, 0x2c] as const;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d] as const;

/** Cuts a text that arrives in chunks, cut anywhere, into JSON values without parsing them. */
interface Splitter {
  /** Adds the values that end in `chunk` to `values`; throws, after that, where the text cannot go on. */
  push(chunk: Buffer, values: Buffer[]): void;
  /** Adds what is left at the end of the text; throws where it ends too early. */
  end(values: Buffer[]): void;
  /** Bytes of the value that has begun. */
  rest(): Buffer;
}

/**
 * Cuts a JSON file into its records: the elements of an array where the first character is `[`, else its lines. Empty
 * lines, a byte order mark and the spaces around are dropped. What is inside a record is not looked at: a broken one
 * is for the codec to refuse.
 */
export class JsonSplitter implements Splitter {
  private splitter: Splitter | undefined;

  push(chunk: Buffer, values: Buffer[]): void {
    if (this.splitter === undefined) {
      const start = chunk.findIndex((byte) => !isSpace(byte) && !isByteOrderMark(byte));
      if (start < 0) return;
      this.splitter = chunk[start] === OPEN_ARRAY ? new ElementSplitter() : new LineSplitter();
      chunk = chunk.subarray(start);
    }
    this.splitter.push(chunk, values);
  }

  end(values: Buffer[]): void {
    this.splitter?.end(values);
  }

  rest(): Buffer {
    return this.splitter?.rest() ?? Buffer.alloc(0);
  }
}

/** Chunks of a value that has not ended yet, joined once it has. */
class Held {
  private chunks: Buffer[] = [];
  private length = 0;

  add(chunk: Buffer): void {
    this.length += chunk.length;
    this.chunks.push(chunk);
    if (this.length > VALUE_BYTES) throw new Error(`a record does not end within ${VALUE_BYTES} bytes`);
  }

  take(last: Buffer): Buffer {
    const whole = this.chunks.length === 0 ? last : Buffer.concat([...this.chunks, last]);
    this.chunks = [];
    this.length = 0;
    return whole;
  }

  whole(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

class LineSplitter implements Splitter {
  private readonly held = new Held();

  push(chunk: Buffer, values: Buffer[]): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      addLine(this.held.take(chunk.subarray(start, end)), values);
      start = end + 1;
    }
    if (start < chunk.length) this.held.add(chunk.subarray(start));
  }

  end(values: Buffer[]): void {
    addLine(this.held.take(Buffer.alloc(0)), values);
  }

  rest(): Buffer {
    return this.held.whole();
  }
}

function addLine(line: Buffer, values: Buffer[]): void {
  if (line[line.length - 1] === CR) line = line.subarray(0, -1);
  if (!line.every(isSpace)) values.push(line);
}

class ElementSplitter implements Splitter {
  private readonly held = new Held();
  private state: 'before' | 'between' | 'element' | 'after' = 'before';
  private depth = 0;
  private inString = false;
  private escaped = false;

  push(chunk: Buffer, values: Buffer[]): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.state === 'element') {
        if (!this.endsAt(byte)) continue;
        values.push(this.held.take(chunk.subarray(start, i)));
        this.state = byte === COMMA ? 'between' : 'after';
      } else if (isSpace(byte)) {
        continue;
      } else if (this.state === 'before') {
        this.state = 'between';
      } else if (this.state === 'after') {
        this.held.add(chunk.subarray(i));
        throw new Error('something follows the bracket that closes the array');
      } else if (byte === CLOSE_ARRAY) {
        this.state = 'after';
      } else if (byte === COMMA) {
        // An element without a text: the comma itself, which no codec takes for a value.
        values.push(chunk.subarray(i, i + 1));
      } else {
        this.state = 'element';
        start = i;
        this.endsAt(byte);
      }
    }
    if (this.state === 'element') this.held.add(chunk.subarray(start));
  }

  /** Whether `byte`, outside of the element, ends it; takes note of strings and brackets otherwise. */
  private endsAt(byte: number): boolean {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) this.inString = false;
    } else if (byte === QUOTE) {
      this.inString = true;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      this.depth++;
    } else if (this.depth > 0) {
      if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.depth--;
    } else {
      return byte === COMMA || byte === CLOSE_ARRAY;
    }
    return false;
  }

  end(): void {
    if (this.state !== 'after') throw new Error('the array is not closed: the file is cut short');
  }

  rest(): Buffer {
    return this.held.whole();
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === LF || byte === CR;
}

/** No JSON text begins with one of the bytes of UTF-8's byte order mark. */
function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}

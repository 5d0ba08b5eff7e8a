import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { PoisonError } from '@apf/core';
import { readFits, readFitsFile, writeFits } from '../src/fits.js';

const image = fc
  .record({ width: fc.integer({ min: 0, max: 70 }), height: fc.integer({ min: 0, max: 70 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.float32Array({ minLength: width * height, maxLength: width * height }),
    }),
  );

const small = { width: 3, height: 2, pixels: new Float32Array([1, 2, 3, 4, 5, 6]) };

/** The small image with another header: `cards` replace those of the same keyword, or are added. */
function withCards(...cards: string[]): Buffer {
  const bytes = writeFits(small);
  const kept = (bytes.toString('latin1', 0, 2880).match(/.{80}/g) ?? [])
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && line !== 'END')
    .filter((line) => !cards.some((card) => card.slice(0, 8) === line.slice(0, 8)));
  const header = [...kept, ...cards, 'END'].map((line) => line.padEnd(80)).join('');
  return Buffer.concat([Buffer.from(header.padEnd(2880), 'latin1'), bytes.subarray(2880)]);
}

/** The small image, and another of two pixels in an extension. */
function extended(): Buffer {
  const cards = [
    "XTENSION= 'IMAGE   '           / an image",
    'BITPIX  =                  -32',
    'NAXIS   =                    2',
    'NAXIS1  =                    2',
    'NAXIS2  =                    1',
    'PCOUNT  =                    0',
    'GCOUNT  =                    1',
    "EXTNAME = 'it''s   '           / a / slash",
    'CRPIX1  =                1.5D0',
    'COMMENT   no value',
    'END',
  ];
  const data = Buffer.alloc(2880);
  data.writeFloatBE(7, 0);
  data.writeFloatBE(8, 4);
  const header = cards
    .map((line) => line.padEnd(80))
    .join('')
    .padEnd(2880);
  return Buffer.concat([writeFits(small), Buffer.from(header, 'latin1'), data]);
}

describe('FITS images', () => {
  it('reads every image as it was written, plain or gzip', () => {
    fc.assert(
      fc.property(image, fc.boolean(), (written, packed) => {
        const bytes = writeFits(written);
        expect(bytes.length % 2880).toBe(0);
        const read = readFits(packed ? gzipSync(bytes) : bytes);
        expect([read.width, read.height]).toEqual([written.width, written.height]);
        expect(read.pixels).toEqual(written.pixels);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the header as the standard wants it: fixed format, 80-character lines, the first row first', () => {
    const bytes = writeFits(small, 'nJy');
    const lines = bytes.toString('latin1', 0, 2880).match(/.{80}/g)!;
    expect(lines.slice(0, 7).map((line) => line.trimEnd())).toEqual([
      'SIMPLE  =                    T',
      'BITPIX  =                  -32',
      'NAXIS   =                    2',
      'NAXIS1  =                    3',
      'NAXIS2  =                    2',
      "BUNIT   = 'nJy     '",
      'END',
    ]);
    expect(bytes.readFloatBE(2880 + 4 * 3)).toBe(4);
  });

  it('refuses to write pixels that do not fill the image', () => {
    expect(() => writeFits({ ...small, width: 4 })).toThrow('6 pixels, 4 x 2 are 8');
  });

  it("reads ZTF's header, whose SIMPLE stands in the wrong column", () => {
    expect(readFits(withCards('SIMPLE  =  T')).pixels).toEqual(small.pixels);
  });

  it('is strict where it is asked to be', () => {
    expect(readFitsFile(writeFits(small), { strict: true }).deviations).toEqual([]);
    const deviating: [Buffer, string][] = [
      [withCards('SIMPLE  =  T'), 'SIMPLE does not end in column 30'],
      [withCards('OBJECT  =x'), 'OBJECT has no space after its ='],
      [withCards("OBSERVER= '\u00e9'"), 'not printable ASCII'],
      [writeFits(small).subarray(0, 2880 + 24), 'not filled up to a block'],
      [
        Buffer.concat([extended(), Buffer.from('XTENSION= ' + "'IMAGE   '".padEnd(70) + 'END'.padEnd(80))]),
        'HDU 3 is damaged',
      ],
    ];
    for (const [bytes, deviation] of deviating) {
      const read = readFitsFile(bytes);
      expect(read.deviations).toEqual([expect.stringContaining(deviation)]);
      expect(read.hdus[0]!.image!.pixels).toEqual(small.pixels);
      expect(() => readFits(bytes, { strict: true })).toThrow(PoisonError);
    }
  });

  it('reads every kind of pixel, and what stands for none', () => {
    const kinds: [number, (bytes: Buffer, value: number, at: number) => void][] = [
      [8, (bytes, value, at) => bytes.writeUInt8(value, at)],
      [16, (bytes, value, at) => bytes.writeInt16BE(value, at)],
      [32, (bytes, value, at) => bytes.writeInt32BE(value, at)],
      [64, (bytes, value, at) => bytes.writeBigInt64BE(BigInt(value), at)],
      [-64, (bytes, value, at) => bytes.writeDoubleBE(value, at)],
    ];
    for (const [bitpix, write] of kinds) {
      const bytes = withCards(`BITPIX  = ${bitpix}`, 'BLANK   = 3');
      small.pixels.forEach((value, i) => write(bytes, value, 2880 + (i * Math.abs(bitpix)) / 8));
      const expected = [1, 2, bitpix > 0 ? NaN : 3, 4, 5, 6];
      expect([...readFits(bytes).pixels]).toEqual(expected);
    }
  });

  it('reads all HDUs with their names and cards, and leaves what follows them', () => {
    const { hdus, deviations } = readFitsFile(Buffer.concat([extended(), Buffer.alloc(2880, 'x')]));
    expect(deviations).toEqual([]);
    expect(hdus.map(({ name, image }) => [name, image?.width])).toEqual([
      ['', 3],
      ["it's", 2],
    ]);
    expect(hdus[1]!.cards.get('CRPIX1')).toBe(1.5);
    expect(hdus[1]!.cards.get('COMMENTED')).toBeUndefined();
    expect([...hdus[1]!.image!.pixels]).toEqual([7, 8]);
  });

  it('applies BSCALE and BZERO, and ignores comments', () => {
    const read = readFits(withCards('BSCALE  = 2.0D0 / half counts', 'BZERO   = 10'));
    expect([...read.pixels]).toEqual([12, 14, 16, 18, 20, 22]);
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0), 'no END'],
    ['text', () => Buffer.from('x'.repeat(3000)), 'no END'],
    ['another SIMPLE', () => withCards('SIMPLE  = F'), 'SIMPLE'],
    ['pixels of no known kind', () => withCards('BITPIX  = 24'), 'BITPIX is 24'],
    ['a cube', () => withCards('NAXIS   = 3', 'NAXIS3  = 1'), 'NAXIS is 3'],
    ['a thousand axes', () => withCards('NAXIS   = 1000'), 'NAXIS is 1000'],
    ['a missing axis', () => withCards('NAXIS   = 3'), 'NAXIS3 is missing'],
    ['a negative width', () => withCards('NAXIS1  = -3'), 'NAXIS1 is -3'],
    ['a huge image', () => withCards('NAXIS1  = 900000000'), 'the file has 5760'],
    ['a scale that is no number', () => withCards('BSCALE  = two'), 'BSCALE is two'],
    ['a truncated file', () => writeFits(small).subarray(0, 2890), 'the file has 2890'],
    ['damaged gzip', () => gzipSync(writeFits(small)).subarray(0, 40), 'gzip'],
    ['a gzip bomb', () => gzipSync(Buffer.alloc(100_000_000)), 'gzip'],
  ])('names what is wrong with %s', (_, bytes, message) => {
    expect(() => readFits(bytes())).toThrow(PoisonError);
    expect(() => readFits(bytes())).toThrow(message);
  });

  it('gives an image or a PoisonError for any bytes', () => {
    const mutated = fc.tuple(fc.nat(5759), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const bytes = writeFits(small);
      bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(
        fc.oneof(
          mutated,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          try {
            readFits(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(PoisonError);
          }
        },
      ),
    );
  });
});

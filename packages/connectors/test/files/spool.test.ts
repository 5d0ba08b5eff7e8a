import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FatalError } from '@apf/core';
import fc from 'fast-check';
import { Spool } from '../../src/files/spool.js';

describe('Spool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'apf-spool-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bytesOf = (length: number, i: number): Buffer => Buffer.alloc(length, i + 1);

  it('gives back what was put into it, in any order, in memory and in the file', async () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.nat(40_000), fc.constant(5_000_000)), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(60_000), async (sizes, memory) => {
        const spool = new Spool({ folder, memory });
        try {
          for (const round of ['first', 'after clear']) {
            const places: number[] = [];
            for (const [i, size] of sizes.entries()) places.push(await spool.append(bytesOf(size, i)));
            for (const order of [[...sizes.keys()], [...sizes.keys()].reverse()]) {
              const read = spool.read(order.map((i) => ({ at: places[i]!, length: sizes[i]! })));
              const right = order.map((i, n) => read[n]!.equals(bytesOf(sizes[i]!, i)));
              expect([round, ...right]).toEqual([round, ...order.map(() => true)]);
            }
            await spool.clear();
          }
        } finally {
          await spool.close();
        }
      }),
      { numRuns: 30 },
    );
  });

  it('leaves no file behind, not even while it is used', async () => {
    const spool = new Spool({ folder, memory: 10 });
    await spool.append(bytesOf(9_000_000, 1));
    expect(readdirSync(folder)).toEqual([]);
    await spool.close();
  });

  const mountable = process.getuid?.() === 0 && process.platform === 'linux';
  (mountable ? it : it.skip)(
    'says that the disk is full, and what to do (needs root, for a small disk)',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      const spool = new Spool({ folder: disk, memory: 10 });
      try {
        const filled = spool.append(bytesOf(5_000_000, 1));
        await expect(filled).rejects.toThrow(FatalError);
        await expect(filled).rejects.toThrow(
          `what does not fit into memory cannot be written to '${disk}': the disk is full (ENOSPC); free some space or name a place on another disk`,
        );
      } finally {
        await spool.close();
        execFileSync('umount', [disk]);
      }
    },
  );

  it('names a folder that is not there', async () => {
    const spool = new Spool({ folder: join(folder, 'none'), memory: 0 });
    await expect(spool.append(bytesOf(5_000_000, 1))).rejects.toMatchObject({ code: 'APF_FILE' });
    await spool.close();
  });
});

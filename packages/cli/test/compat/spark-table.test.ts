import { sparkBatch, sparkTable } from '../../src/compat/fink-distribution/spark-table.js';

describe('a table as Spark shows it', () => {
  it("is that of Fink's tutorial, records beside the other fields", () => {
    const alerts = [
      ['ZTF17aabuwws', 697252840615015002n, 'RRLyr', 697252840615n, 12.5901418, -13.2635671, 17.522726],
      ['ZTF18abomhfd', 697252845215015003n, 'RRLyr', 697252845215n, 13.6041884, -6.4889285, 18.477196],
    ].map(([objectId, candid, type, pid, ra, dec, magpsf]) => ({
      ...{ objectId, candid, cross_match_alerts_per_batch: type },
      candidate: { pid, ra, dec, magpsf: Math.fround(magpsf as number) },
    }));
    const rule =
      '+------------+------------------+----------------------------+-------------+------------+-------------+----------------+';
    expect(sparkBatch(1, alerts)).toBe(
      [
        '-------------------------------------------',
        'Batch: 1',
        '-------------------------------------------',
        rule,
        '|    objectId|            candid|cross_match_alerts_per_batch|candidate_pid|candidate_ra|candidate_dec|candidate_magpsf|',
      ].join('\n') +
        `\n${rule}\n` +
        '|ZTF17aabuwws|697252840615015002|                       RRLyr| 697252840615|  12.5901418|  -13.2635671|       17.522726|\n' +
        '|ZTF18abomhfd|697252845215015003|                       RRLyr| 697252845215|  13.6041884|   -6.4889285|       18.477196|\n' +
        `${rule}\n`,
    );
  });

  it('cuts cells, shows bytes and lists, and ends after 20 rows', () => {
    const row = {
      text: 'x'.repeat(21),
      none: null,
      bytes: Buffer.from([31, 139]),
      list: [1, 2],
      evil: '\u001b[2J',
    };
    const lines = sparkTable(Array.from({ length: 25 }, () => row)).split('\n');
    expect(lines).toHaveLength(3 + 20 + 3);
    expect(lines[3]).toBe(`|${'x'.repeat(17)}...|null|[1F 8B]|[1,2]|\\u001b[2J|`);
    expect(lines.slice(-2)).toEqual(['only showing top 20 rows', '']);
  });
});

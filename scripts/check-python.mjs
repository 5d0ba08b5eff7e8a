// `node scripts/check-python.mjs [PYTHON]`: Python's readers give the very values of the files that `apf consume --save`
// writes. It makes an environment with fastavro, pyarrow, pandas and astropy of its own, unless one is named.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { syntheticZtf, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import {
  AlertFileSink,
  avroFormat,
  csvFormat,
  jsonFormat,
  parquetFormat,
  RangeFileSink,
} from '@apf/connectors';
import { parseSchema, StreamCodec, writeContainer } from '@apf/core';

const script = fileURLToPath(new URL('./check-python.py', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'apf-python-'));
try {
  const schema = parseSchema(ZTF_ALERT_SCHEMA);
  const codec = new StreamCodec();
  const night = syntheticZtf({ seed: 1, objects: 60, now: new Date('2026-03-15T20:00:00Z'), cutouts: true });
  const saved = Array.from(night, ({ alert }, offset) => {
    const origin = { topic: 't', partition: 0, offset, value: writeContainer(schema, [alert]) };
    return { value: codec.decode(origin.value, origin)[0], origin };
  }).slice(0, 60);
  const single = new AlertFileSink({ folder: join(dir, 'avro') });
  await single.open();
  await single.write(saved);
  await single.flush();
  const formats = { bundle: avroFormat, csv: csvFormat, json: jsonFormat('literal'), parquet: parquetFormat };
  for (const [name, format] of Object.entries(formats)) {
    const sink = new RangeFileSink({ folder: join(dir, name), format, rotate: { bytes: 1e9, seconds: 600 } });
    await sink.open();
    await sink.write(saved);
    await sink.finish();
    await sink.close();
  }
  let python = process.argv[2];
  if (python === undefined) {
    execFileSync('python3', ['-m', 'venv', join(dir, 'venv')]);
    python = join(dir, 'venv/bin/python');
    const packages = ['fastavro', 'pyarrow', 'pandas', 'astropy'];
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' });
  }
  execFileSync(python, [script, dir, String(saved.length)], { stdio: 'inherit' });
} finally {
  rmSync(dir, { recursive: true, force: true });
}

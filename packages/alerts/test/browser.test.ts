import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const src = join(import.meta.dirname, '../src');

/** All modules that a module of the package reaches when it runs, by their paths or names; imports of types do not run. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
  }).outputText;
  for (const { fileName } of ts.preProcessFile(text).importedFiles) {
    if (fileName.startsWith('.')) reached(join(file, '..', fileName.replace(/\.js$/, '.ts')), seen);
    else seen.add(fileName);
  }
  return seen;
}

describe('@apf/alerts/browser', () => {
  it('reaches modules of the package only, which a browser can run', () => {
    const modules = [...reached(join(src, 'browser.ts'))];
    expect(modules.length).toBeGreaterThan(5);
    expect(modules.filter((name) => !name.startsWith(src))).toEqual([]);
  });
});

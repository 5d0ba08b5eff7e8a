/** A line of what Prometheus reads. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n' };

/**
 * The samples of Prometheus's text format; lines that are none are passed over.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(text: string): ExposedSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(
      ([, label, held]) =>
        [label!, held!.replaceAll(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char)] as const,
    );
    const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
    return [{ name, labels: Object.fromEntries(pairs), value: number }];
  });
}

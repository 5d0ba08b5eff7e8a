/** The samples of an exposition: `name{label="value"}` and its number. */
export function exposed(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** Every label that a sample has. */
export function labelNames(text: string): Set<string> {
  return new Set([...text.matchAll(/[{,](\w+)="/g)].map(([, name]) => name!));
}

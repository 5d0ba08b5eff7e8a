import { toJson } from '@apf/core';
import { MultiBar, Presets, type SingleBar } from 'cli-progress';

/** Where the demo says what it finds. */
export interface Display {
  /** What the demo is there for: `text` for people, `record` as JSON where that is asked for. */
  result(text: string, record: object): void;
  /** A remark, for people only. */
  note(text: string): void;
  progress(done: number, total: number): void;
  /** Takes the bar away. */
  close(): void;
}

/** A progress bar on a terminal, plain lines elsewhere; with `json` one line of JSON for each result, and no more. */
export function createDisplay(json: boolean): Display {
  if (json) return plainDisplay((_, record) => console.log(toJson(record)));
  return process.stdout.isTTY ? barDisplay() : plainDisplay((text) => console.log(text));
}

/** Remarks and progress go to stderr, so that results can be piped. */
function plainDisplay(result: Display['result']): Display {
  let quarter = 0;
  return {
    result,
    note: (text) => console.error(text),
    progress: (done, total) => {
      const reached = Math.floor((4 * done) / total);
      if (reached <= quarter) return;
      quarter = reached;
      console.error(`${done} of ${total} alerts`);
    },
    close: () => undefined,
  };
}

function barDisplay(): Display {
  const bars = new MultiBar(
    { format: '{bar} {value} of {total} alerts', hideCursor: true, stream: process.stdout },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  // Lines printed before there is a bar, or after it is gone, are ordinary lines.
  const line = (text: string): void => {
    if (bar) bars.log(`${text}\n`);
    else console.log(text);
  };
  return {
    result: line,
    note: line,
    progress: (done, total) => {
      bar ??= bars.create(total, 0) ?? undefined;
      bar?.setTotal(total);
      bar?.update(done);
    },
    close: () => {
      if (!bar) return;
      bars.update();
      bars.stop();
      bar = undefined;
    },
  };
}

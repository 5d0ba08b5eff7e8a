import { cellText, compareCells } from '../../page/alerts/cell-text.js';
import { samplingNotes } from '../../page/alerts/sampling-notes.js';
import type { AlertColumn, TopicSampling } from '../../src/page-api.js';

const column = (kind: AlertColumn['kind'], digits?: number): AlertColumn => ({
  key: 'x',
  title: 'X',
  unit: null,
  kind,
  ...(digits !== undefined && { digits }),
});

describe('cells', () => {
  it('are shown by their kind', () => {
    expect(cellText('3580374843515015041', column('id'))).toBe('3580374843515015041');
    expect(cellText(18.256, column('number', 2))).toBe('18.26');
    expect(cellText(51544, column('time'))).toBe('2000-01-01 00:00:00');
    expect(cellText('\u001b[2J', column('text'))).toBe('␛[2J');
    expect(cellText(null, column('number'))).toBe('–');
  });

  it('are sorted: numbers as numbers, ids of any length as numbers, what is missing last', () => {
    const sorted = (cells: (string | number | null)[], descending = false): (string | number | null)[] =>
      [...cells].sort((a, b) => compareCells(a, b, descending));
    expect(sorted([10, null, 9, -1])).toEqual([-1, 9, 10, null]);
    expect(sorted([10, null, 9, -1], true)).toEqual([10, 9, -1, null]);
    expect(sorted(['9007199254740993', '9007199254740992', '999'])).toEqual([
      '999',
      '9007199254740992',
      '9007199254740993',
    ]);
    expect(sorted(['ZTF26b', 'ZTF26a'])).toEqual(['ZTF26a', 'ZTF26b']);
  });
});

describe('notes on sampling', () => {
  const topic: TopicSampling = {
    topic: 'lsst',
    read: 100,
    shown: 20,
    oneOf: 1,
    undecodable: 0,
    lastError: null,
  };

  it('say nothing where all is shown', () => {
    expect(samplingNotes([topic])).toEqual([]);
  });

  it('say what is left out and what is damaged', () => {
    const notes = samplingNotes([{ ...topic, oneOf: 5.4321, undecodable: 1, lastError: 'cut off\u0007' }]);
    expect(notes.map(({ text, bad }) => [text, bad])).toEqual([
      ["lsst is fast: showing 1 of 5.4 (20 of 100 so far). The stream's numbers count all.", false],
      ['1 message of lsst cannot be decoded: cut off␇.', true],
    ]);
  });
});

import fc from 'fast-check';
import { NOT_LITERAL, pythonAssignments, type PythonLiteral } from '../../src/connection/python-assignments';

const parsed = (source: string): Record<string, unknown> => Object.fromEntries(pythonAssignments(source));

describe('pythonAssignments', () => {
  it("reads the kinds of value of Fink's configuration", () => {
    const source = `# Copyright
""" A docstring with an example:
username = "not this one"
"""
import os
username = "me"  # a comment
password = None
group_id: str = 'a' "group"
maxtimeout = 2.5
testmode = True
mytopics = ["one", 'two',
   "three",  # the last
]
servers = ("host:1,"
           "other:2,")
pair = 'a', 'b'
big = 9_007_199_254_740_993
options = {"a": [1, None], }
raw = r"C:\\new"
`;
    expect(parsed(source)).toEqual({
      username: 'me',
      password: null,
      group_id: 'agroup',
      maxtimeout: 2.5,
      testmode: true,
      mytopics: ['one', 'two', 'three'],
      servers: 'host:1,other:2,',
      pair: ['a', 'b'],
      big: 9007199254740993n,
      options: { a: [1, null] },
      raw: 'C:\\new',
    });
  });

  it.each([
    ['a call', 'password = os.environ["PASSWORD"]'],
    ['an f-string', 'password = f"{user}-secret"'],
    ['a sum', 'password = "a" + "b"'],
    ['a name', 'password = other'],
    ['a comprehension', 'password = [x for x in ["a"]]'],
    ['text that does not end', 'password = "a'],
    ['a list that does not end', 'password = ["a",'],
    ['a value and something after it', 'password = "a" if True else "b"'],
    ['nesting without end', `password = ${'['.repeat(10_000)}`],
  ])('%s is no literal, and is not executed', (_what, line) => {
    expect(parsed(`${line}\nusername = "me"\n`).password).toBe(NOT_LITERAL);
  });

  it('goes on after what it passes over', () => {
    const source = 'f(\n"a = 1",\n)\nif True:\n    hidden = 1\nx == 2\nx.y = 3\nlast = 4';
    expect(parsed(source)).toEqual({ last: 4 });
  });

  it('gives back any literal that is written as Python writes it', () => {
    const literal = fc.letrec<{ value: PythonLiteral }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(literal, fc.boolean(), (value, tuples) => {
        expect(parsed(`before = 1\nvalue = ${written(value, tuples)}  # end\nafter = 2`)).toEqual({
          before: 1,
          value,
          after: 2,
        });
      }),
    );
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab=\'"[](){}#,:\\\n r1'), maxLength: 60 }),
        (text) => {
          expect(pythonAssignments(text)).toBeInstanceOf(Map);
        },
      ),
    );
  });
});

function written(value: PythonLiteral, tuples: boolean): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) {
    const items = value.map((item: PythonLiteral) => `${written(item, tuples)},\n`).join(' ');
    return tuples ? `(${items})` : `[${items}]`;
  }
  if (typeof value === 'number') return String(value);
  const escaped = (value as string).replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
  return `'${escaped.replaceAll('\r', '\\r')}'`;
}

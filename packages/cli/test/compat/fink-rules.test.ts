import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFilter } from '@apf/alerts';
import { UsageError } from '@apf/core';
import fc from 'fast-check';
import { parseFinkRules, readFinkRules } from '../../src/compat/fink-rules.js';

/** The form that Fink's tutorial on redistribution documents, its document type included. */
const rules = (body: string, before = ''): string => `<?xml version="1.0"?>
<!-- distribution.dtd -->
<!DOCTYPE distribution-rules [
  <!ELEMENT distribution-rules (select, drop?, filter?) >
  <!ELEMENT select (column+) >
  <!ELEMENT drop (column*) >
  <!ELEMENT filter (column*) >
  <!ELEMENT column (#PCDATA)>
  <!ATTLIST column name CDATA #REQUIRED subcol CDATA #IMPLIED operator CDATA #IMPLIED value CDATA #IMPLIED >
  ${before}
]>
<distribution-rules>${body}</distribution-rules>
`;
const SELECT = `<select>
    <column name="objectId"/> <column name="candid"/>
    <column name="candidate" subcol="ra"/> <column name="candidate" subcol="magpsf"/>
    <column name="prv_candidates"/> <column name="cross_match_alerts_per_batch"/> <column name="status"/>
  </select>`;
const parse = (text: string): ReturnType<typeof parseFinkRules> => parseFinkRules(text, 'rules.xml');
const rule = (attributes: string): string => rules(`${SELECT}<filter><column ${attributes}/></filter>`);

describe("the XML rules of Fink's distribution", () => {
  it('select, drop and filter columns, without the status that Fink keeps for itself', () => {
    const { select, drop, filter } = parse(
      rules(`${SELECT}
        <drop><column name="prv_candidates"/></drop>
        <filter>
          <column name="candidate" subcol="ra" operator="&lt;" value="11"/>
          <column name="candidate" subcol="magpsf" operator="&gt;" value=" 15.5 "/>
          <column name="cross_match_alerts_per_batch" operator="=" value="'RRLyr'"/>
        </filter>`),
    );
    expect(select).toEqual([
      'objectId',
      'candid',
      'candidate.ra',
      'candidate.magpsf',
      'prv_candidates',
      'cross_match_alerts_per_batch',
    ]);
    expect(drop).toEqual(['prv_candidates']);
    const { test } = compileFilter(filter!);
    const alert = { candidate: { ra: 10, magpsf: 16 }, cross_match_alerts_per_batch: 'RRLyr' };
    expect(test(alert)).toBe(true);
    expect(test({ ...alert, cross_match_alerts_per_batch: 'Star' })).toBe(false);
    expect(test({ ...alert, candidate: { ra: 11, magpsf: 16 } })).toBe(false);
    expect(test({ ...alert, candidate: { ra: 10, magpsf: 15.5 } })).toBe(false);
  });

  it('are without a condition where there is none', () => {
    expect(parse(rules(SELECT)).filter).toBeUndefined();
  });

  it.each([
    ['name="simbadType" operator="=" value="\'Star\'"', "Can't apply rule: invalid column: simbadType"],
    ['name="candidate" operator="=" value="1"', 'To apply rule, please select subcol for: candidate'],
    ['name="candidate" subcol="ra" operator="&gt;=" value="1"', 'the operator of the rule on candidate.ra'],
    ['name="candidate" subcol="ra" value="1"', 'the operator of the rule on candidate.ra'],
    ['name="candidate" subcol="ra" operator="=" value="1 or true"', 'is a number, or a text within'],
    ['name="candidate" subcol="ra" operator="=" value="\'a\' or \'b\'"', 'is a number, or a text within'],
    ['name="candidate" subcol="ra` or `x" operator="=" value="1"', 'is no name of a column'],
    ['subcol="ra" operator="=" value="1"', 'a column has no name'],
  ])('refuse the rule %s', (attributes, why) => {
    expect(() => parse(rule(attributes))).toThrow(why);
    expect(() => parse(rule(attributes))).toThrow(UsageError);
  });

  it('refuse a rule on a column that is dropped', () => {
    const text = rules(
      `${SELECT}<drop><column name="candid"/></drop><filter><column name="candid" operator="=" value="1"/></filter>`,
    );
    expect(() => parse(text)).toThrow("Can't apply rule: invalid column: candid");
  });

  it.each([
    ['', 'invalid xml file'],
    ['no xml', 'invalid xml file'],
    ['<distribution-rules>', 'invalid xml file'],
    ['<rules/>', 'its root is <rules>'],
    ['<distribution-rules/>', 'it selects no column'],
    [rules('<select><row name="a"/></select>'), '<row> stands where <column> is expected'],
    [rules('<pick><column name="a"/></pick>'), '<pick> is none of <select>, <drop>, <filter>'],
    [
      rules('<select><column name="a"><column name="b"/></column></select>'),
      '<column> stands inside a column',
    ],
  ])('refuse what is none: %j', (text, why) => {
    expect(() => parse(text)).toThrow(why);
    expect(() => parse(text)).toThrow(UsageError);
  });
});

describe('hostile XML', () => {
  const laughs = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
    '',
  );

  it.each([
    ['an entity', rules(SELECT, '<!ENTITY x "1">'), 'declares entities'],
    ['a billion laughs', rules(`<select><column name="&l30;"/></select>`, laughs), 'declares entities'],
    [
      'a parameter entity',
      rules(SELECT, '<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;'),
      'declares entities',
    ],
    [
      'an external document type',
      '<!DOCTYPE distribution-rules SYSTEM "http://127.0.0.1:1/x.dtd"><distribution-rules/>',
      'is in another file, which is not read',
    ],
    ['an entity of nowhere', rules('<select><column name="&x;"/></select>'), 'invalid xml file'],
    [
      'an unending document type',
      `<!DOCTYPE distribution-rules [${'<!ELEMENT a (b)>'.repeat(50_000)}`,
      'invalid xml file',
    ],
    ['deep nesting', '<distribution-rules>'.repeat(40_000), 'is none of <select>'],
    ['an unending attribute', `<distribution-rules x="${'a'.repeat(900_000)}`, 'invalid xml file'],
    ['control characters', rules(`<select><column name="a\u001b[2J"/></select>`), 'invalid xml file'],
  ])('is refused: %s', (_, text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('of 10 MB is not even read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'apf-rules-'));
    try {
      const path = join(folder, 'large.xml');
      writeFileSync(path, rules(`<!--${'x'.repeat(10_000_000)}-->${SELECT}`));
      expect(() => readFinkRules(path)).toThrow(/has \d+ bytes, 1048576 at most are read/);
      expect(() => readFinkRules(join(folder, 'none.xml'))).toThrow(/cannot read the rules/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of any kind is an error of the user, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('<', '>', '&', '"', "'", '/', '<!DOCTYPE', '[', ']', '<!--', '-->', '<![CDATA['),
            fc.constantFrom(
              '<distribution-rules>',
              '<select>',
              '<column name="a"/>',
              '</select>',
              '<?x',
              '?>',
            ),
            fc.string(),
          ),
          { maxLength: 30 },
        ),
        (parts) => {
          try {
            parse(parts.join(''));
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
    );
  });
});

import { classStyles } from '../../page/sky/class-styles.js';

describe('how classes are drawn', () => {
  it('differs between any two, by colour or shape', () => {
    const names = [
      'SN',
      'AGN',
      'VS',
      'asteroid',
      'bogus',
      ...Array.from({ length: 20 }, (_, i) => `class ${i}`),
    ];
    const styles = classStyles(names);
    const looks = names.map((name) => `${styles.get(name)!.colour.light} ${styles.get(name)!.shape}`);
    expect(new Set(looks).size).toBe(names.length);
  });

  it('does not depend on the order in which classes come', () => {
    expect([...classStyles(['b', null, 'a'])]).toEqual([...classStyles(['a', 'b', null])]);
  });
});

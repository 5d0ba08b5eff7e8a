import { createLogger, hider } from '../../src/wiring/logger.js';

describe('the log', () => {
  it('is JSON lines with the step and the time, and shows no secret, however it got there', () => {
    let text = '';
    const logger = createLogger('info', 'sn', ['hunter2', 'say "cheese"', 'abc'], {
      destination: {
        write: (line: string) => {
          text += line;
        },
      },
    });
    logger.info({ params: { password: 'hunter2' } }, 'tried hunter2');
    logger.error({ err: new Error('broker said: say "cheese"') }, 'abc stays');
    logger.debug({}, 'not at this level');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ step: 'sn', msg: 'tried [hidden]', params: { password: '[hidden]' } });
    expect(Date.parse(String(lines[0]?.time))).not.toBeNaN();
    expect(lines[1]?.msg).toBe('abc stays');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('cheese');
  });

  it('writes 64-bit ids as text, to the last digit, and of bytes their number', () => {
    let text = '';
    const write = (line: string): void => void (text += line);
    const logger = createLogger('info', 'sn', [], { worker: 2, destination: { write } });
    const alert = { candid: 2n ** 60n + 1n, prv: [{ candid: 3n }, { jd: 1.5 }], cutout: Buffer.alloc(70) };
    logger.info({ candid: alert.candid, alert, err: new Error('x') }, 'seen');
    const [line] = text.split('\n');
    expect(JSON.parse(line!)).toMatchObject({
      step: 'sn',
      worker: 2,
      candid: '1152921504606846977',
      alert: { candid: '1152921504606846977', prv: [{ candid: '3' }, { jd: 1.5 }], cutout: '70 bytes' },
      err: { message: 'x' },
    });
    expect(alert.prv).toEqual([{ candid: 3n }, { jd: 1.5 }]);
  });

  it('takes secrets out of plain text', () => {
    expect(hider(['hunter2'])('password hunter2!')).toBe('password [hidden]!');
  });
});

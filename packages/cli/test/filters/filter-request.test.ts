import { apfHere } from '../in-process';

describe('apf filter', () => {
  it.each(['99999', '-1', '80.5'])('refuses the port %s before anything is read', async (port) => {
    const args = ['--servers', 'localhost:1', '--topics', 'stream', '--filter', 'snr > 5'];
    const ended = await apfHere(['filter', ...args, `--metrics=${port}`]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('--metrics is a port: a whole number up to 65535');
  });
});

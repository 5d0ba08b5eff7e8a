import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';

const STORAGE_DRIVER = process.env.STORAGE_DRIVER || 'vfs';

export function buildah(...args) {
  const env = { ...process.env, STORAGE_DRIVER };
  return execFileSync('buildah', args, { encoding: 'utf8', env, maxBuffer: 1e9 }).trim();
}

const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;

/** What `docker run` would know of an image. */
export function imageConfig(tag) {
  const { Docker, FromImageID } = JSON.parse(buildah('inspect', '--type', 'image', tag));
  return { ...Docker.config, id: FromImageID };
}

/**
 * A container of an image, on this machine's network. There is no runtime here that could run one properly (buildah's
 * own isolation would not let it be process 1), so this does what matters of it: the image's root folder, user,
 * environment, folder and command, in namespaces of their own for processes and mounts.
 */
export class Container {
  constructor(tag) {
    this.config = imageConfig(tag);
    this.name = buildah('from', '--pull-never', tag);
    this.root = buildah('mount', this.name);
    this.children = [];
  }

  /** Starts the image's command as process 1. `kill` sends it a signal, `ended` is its exit code and output. */
  start(env) {
    return this.run(this.config.Cmd, env);
  }

  /** Runs the image's health check; resolves to its exit code. */
  async health() {
    const [kind, ...command] = this.config.Healthcheck.Test;
    const { ended } = this.run(kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...command] : command, {});
    return (await ended).code;
  }

  /**
   * As `docker run` with these words after the image's name: the image's entry point with them, or with its command.
   * @param mounts folders of this machine, `{ from, to, readOnly }`
   * @param user `1000:1000`, as `--user`
   * @param terminal whether there is one, as `-t` has it: then `type` types
   * @param network a network of its own, as `--network`: `{ enter, hosts }`, how it is entered and its file of names
   */
  docker(words, options = {}) {
    const { Entrypoint, Cmd } = this.config;
    const command = [...(Entrypoint ?? []), ...(words.length > 0 ? words : Cmd)];
    return this.run(command, { HOSTNAME: this.name, ...options.env }, options);
  }

  run(command, env, { mounts = [], user = this.config.User || '0:0', terminal = false, network } = {}) {
    if (network) copyFileSync(network.hosts, join(this.root, 'etc/hosts'));
    const set = [...this.config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    const binds = mounts.map(({ from, to, readOnly }) => {
      const target = join(this.root, to);
      mkdirSync(target, { recursive: true });
      const bind = `mount --bind ${quoted(from)} ${quoted(target)}`;
      return readOnly ? `${bind} && mount -o remount,bind,ro ${quoted(target)}` : bind;
    });
    // Each exec keeps the process number: the command itself becomes 1, as in a container without an init.
    const script = [
      'mount -t proc proc "$0/proc"',
      'mount --rbind /dev "$0/dev"',
      ...binds,
      'cd "$0$2"',
      'exec chroot --userspec="$1" "$0" env -i -C "$2" "${@:3}"',
    ].join(' && ');
    const inside = [this.root, user, this.config.WorkingDir, ...set, ...command];
    const [program, ...args] = [
      ...(network?.enter ?? []),
      ...['unshare', '--pid', '--fork', '--mount', '--kill-child', 'bash', '-c', script],
      ...inside,
    ];
    // Whatever hangs ends.
    const bound = { timeout: 300_000, killSignal: 'SIGKILL' };
    const child = terminal
      ? spawn('script', ['-qefc', ['exec', program, ...args].map(quoted).join(' '), '/dev/null'], bound)
      : spawn(program, args, { ...bound, stdio: ['ignore', 'pipe', 'pipe'] });
    this.children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
    /** Resolves once `enough(output)`, which may look at files too; rejects when it ends before that, or after a minute. */
    const until = (enough) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (enough(output)) settle(resolve, output);
        };
        const timer = setInterval(look, 100);
        const late = setTimeout(() => settle(reject, new Error(`not within a minute:\n${output}`)), 60_000);
        const settle = (how, value) => {
          clearInterval(timer);
          clearTimeout(late);
          how(value);
        };
        ended.then(
          ({ code }) => settle(reject, new Error(`ended with ${code} before that:\n${output}`)),
          reject,
        );
      });
    const kill = (signal) => {
      const first = execFileSync('pgrep', ['--parent', String(child.pid)], { encoding: 'utf8' }).trim();
      process.kill(Number(first), signal);
    };
    const type = (text) => child.stdin.write(text);
    return { ended, until, kill, type };
  }

  /** Ends what still runs, too. */
  remove() {
    for (const child of this.children) child.kill('SIGKILL');
    buildah('rm', this.name);
  }
}

/** Every layer's archive of an image, unpacked no further, in `folder`. */
export function exportLayers(tag, folder) {
  rmSync(folder, { recursive: true, force: true });
  buildah('push', '--quiet', '--disable-compression', tag, `dir:${folder}`);
  return join(folder);
}

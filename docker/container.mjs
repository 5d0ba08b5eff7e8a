import { execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const STORAGE_DRIVER = process.env.STORAGE_DRIVER || 'vfs';

export function buildah(...args) {
  const env = { ...process.env, STORAGE_DRIVER };
  return execFileSync('buildah', args, { encoding: 'utf8', env, maxBuffer: 1e9 }).trim();
}

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

  run(command, env) {
    const set = [...this.config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    // Each exec keeps the process number: the command itself becomes 1, as in a container without an init.
    const script = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && cd "$0${this.config.WorkingDir}" &&
      exec chroot --userspec="$1" "$0" env -i -C "$2" "\${@:3}"`;
    const inside = [this.root, this.config.User, this.config.WorkingDir, ...set, ...command];
    const args = ['--pid', '--fork', '--mount', '--kill-child', 'bash', '-c', script, ...inside];
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const looks = new Set();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        for (const look of looks) look();
      });
    }
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
    /** Resolves once `enough(output)`; rejects when it ends before that. */
    const until = (enough) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (enough(output)) resolve(output);
        };
        looks.add(look);
        look();
        ended.then(({ code }) => reject(new Error(`ended with ${code} before that:\n${output}`)), reject);
      });
    const kill = (signal) => {
      const first = execFileSync('pgrep', ['--parent', String(child.pid)], { encoding: 'utf8' }).trim();
      process.kill(Number(first), signal);
    };
    return { ended, until, kill };
  }

  remove() {
    buildah('rm', this.name);
  }
}

/** Every layer's archive of an image, unpacked no further, in `folder`. */
export function exportLayers(tag, folder) {
  rmSync(folder, { recursive: true, force: true });
  buildah('push', '--quiet', '--disable-compression', tag, `dir:${folder}`);
  return join(folder);
}

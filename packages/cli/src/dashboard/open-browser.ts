import { spawn } from 'node:child_process';

/** What opens an address in the user's browser; undefined where there is no screen. */
function opener(): string | undefined {
  if (process.platform === 'darwin') return 'open';
  if (process.platform === 'win32') return 'explorer';
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? 'xdg-open' : undefined;
}

/** Opens a page in the user's browser. Where there is none nothing happens: the address was printed. */
export function openBrowser(url: string): void {
  const command = opener();
  if (command === undefined) return;
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

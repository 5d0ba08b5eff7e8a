// How long a scrape of /metrics takes while the step decodes with all it has: batches of 500 whole alerts, one after
// the other. Each scrape is followed by a request to a process that does nothing but answer with as many bytes: what that
// takes (`floorMs`) is the machine's share, and that of whoever else is busy on it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const child = fileURLToPath(new URL('./scrape-child.mjs', import.meta.url));
const BATCH = 500;
const FLOOR = `
  const body = 'x'.repeat(Number(process.argv[1]));
  const server = require('node:http').createServer((_, response) => response.end(body));
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port })));`;
const round = (value) => Math.round(value * 10) / 10;

export async function bench({ short }) {
  const scrapes = short ? 100 : 1_000;
  const children = [];
  const agent = new Agent({ keepAlive: true });
  try {
    const env = { ...process.env, PROMETHEUS: 'true', APF__PROMETHEUS_PORT: '0' };
    const step = await start(children, [child, String(BATCH)], env);
    const first = await scrape(step, agent);
    // The step has begun, and what is loaded only once is loaded.
    while ((await scrape(step, agent)).executed === 0) await sleep(50);
    const before = await scrape(step, agent);
    const floor = await start(children, ['-e', FLOOR, String(before.text.length)], process.env);
    await scrape(floor, agent);
    const [times, floors] = [[], []];
    const began = performance.now();
    for (let i = 0; i < scrapes; i++) {
      times.push((await scrape(step, agent)).ms);
      floors.push((await scrape(floor, agent)).ms);
      await sleep(20);
    }
    const after = await scrape(step, agent);
    const seconds = (performance.now() - began) / 1_000;
    return {
      scrapes,
      bytes: after.text.length,
      alertsPerSecond: Math.round((after.executed - before.executed) / seconds),
      firstMs: round(first.ms),
      scrapeMs: figures(times),
      floorMs: figures(floors),
    };
  } finally {
    agent.destroy();
    for (const { process: one, ended } of children) {
      one.kill('SIGTERM');
      await ended;
    }
  }
}

function figures(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { median: at(0.5), p99: at(0.99), slowest: at(1) };
}

/** Starts a process that says the address at which it answers. */
async function start(children, args, env) {
  const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(started, 'exit');
  children.push({ process: started, ended });
  return new Promise((resolve, reject) => {
    createInterface(started.stdout).on('line', (line) => {
      const { url } = JSON.parse(line);
      if (url) resolve(url);
    });
    ended.then(([code]) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
}

function scrape(url, agent) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get(`${url}/metrics`, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => {
        const executed = Number(/^apf_executed_total\{[^}]*\} (\d+)/m.exec(text)?.[1]);
        resolve({ ms: performance.now() - began, text, executed });
      });
    }).on('error', reject);
  });
}

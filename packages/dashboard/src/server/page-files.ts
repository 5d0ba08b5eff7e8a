import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { FatalError } from '@apf/core';

/** The built page: beside the compiled server, and where it is built for the sources too. */
const FOLDER = new URL('../../dist/page/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the page's files, which are read once. @throws FatalError where the page was not built */
export async function servePage(app: FastifyInstance): Promise<void> {
  const names = await readdir(FOLDER).catch((): string[] => []);
  if (!names.includes('index.html'))
    throw new FatalError('the page of the dashboard was not built: run npm run build in the checkout', {
      code: 'APF_FILE',
    });
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const content = await readFile(new URL(name, FOLDER));
    app.get(name === 'index.html' ? '/' : `/${name}`, (_, reply) => reply.type(type).send(content));
  }
}

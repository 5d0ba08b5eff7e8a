import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

export interface Request {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

export interface FakeMember {
  readonly id: string;
  readonly real_name?: string;
  readonly name?: string;
  readonly deleted?: boolean;
  readonly profile?: { readonly display_name?: string };
}

/** Speaks chat.postMessage's and users.list's HTTP on a free port: gives `answers` one after the other, then what it knows. */
export class FakeSlack {
  readonly requests: Request[] = [];
  answers: Answer[] = [];
  /** In pages of two. */
  members: readonly FakeMember[] = [];
  /** Called with each request before it is answered. */
  onRequest: (request: Request) => void = () => undefined;
  private readonly server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const { url, headers } = request;
      const form = Object.fromEntries(new URLSearchParams(body));
      const received = { url, authorization: headers.authorization, form };
      this.requests.push(received);
      this.onRequest(received);
      const answer: Answer = this.answers.shift() ?? this.answerOf(received);
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      response
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(text);
    });
  });

  private answerOf({ url, form }: Request): Answer {
    if (!url?.endsWith('/users.list')) return { body: { ok: true, ts: '1' } };
    const from = Number(form['cursor'] ?? 0);
    const next = from + 2 < this.members.length ? String(from + 2) : '';
    const members = this.members.slice(from, from + 2);
    return { body: { ok: true, members, response_metadata: { next_cursor: next } } };
  }

  /** What was posted: channel and text. */
  get posts(): (readonly [string | undefined, string | undefined])[] {
    return this.requests
      .filter(({ url }) => url?.endsWith('/chat.postMessage'))
      .map(({ form }) => [form['channel'], form['text']] as const);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api`;
  }

  get texts(): (string | undefined)[] {
    return this.requests.map(({ form }) => form['text']);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

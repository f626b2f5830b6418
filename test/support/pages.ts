import { request } from 'node:http';
import type { TestServer } from './server.ts';

export interface Page {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

/** Follows a link as a browser does that finds the hub at this server: fetch() does not let one choose the Host. */
export function follow(
  server: Pick<TestServer, 'url'>,
  link: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Page> {
  const { host, pathname, search } = new URL(link);
  return new Promise((resolve, reject) => {
    request(`${server.url}${pathname}${search}`, { method, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode as number, text: Buffer.concat(chunks).toString('utf8'), headers: answer.headers }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

export const FROM_BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** Somebody with a browser at one hub: keeps cookies, goes where it is sent, and submits forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #server: Pick<TestServer, 'url'>;
  readonly #origin: string;
  readonly #headers: Record<string, string>;

  /** `origin`: the hub's own host name, or the server's where the hub is at a path. */
  constructor(server: Pick<TestServer, 'url'>, host: string, headers: Record<string, string> = {}) {
    this.#server = server;
    this.#origin = `http://${host}`;
    this.#headers = { ...FROM_BROWSER, ...headers };
  }

  open(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#go(path, 'GET', headers);
  }

  submit(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', origin: this.#origin };
    return this.#go(path, 'POST', { ...type, ...headers }, new URLSearchParams(form).toString());
  }

  async #go(path: string, method: string, headers: Record<string, string>, body?: string): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { ...this.#headers, ...(cookie !== '' && { cookie }), ...headers };
    const page = await follow(this.#server, new URL(path, this.#origin).href, all, method, body);
    for (const line of (page.headers['set-cookie'] as string[] | undefined) ?? []) {
      const [name = '', value = ''] = (line.split(';', 1)[0] as string).split('=', 2);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { location } = page.headers;
    return typeof location === 'string' ? this.open(location) : page;
  }
}

/** Follows a sign-on link, and the redirect behind it. */
export function enterBy(server: Pick<TestServer, 'url'>, link: string, headers: Record<string, string> = {}): Promise<Page> {
  const { host, pathname, search } = new URL(link);
  return new Visitor(server, host, headers).open(`${pathname}${search}`);
}

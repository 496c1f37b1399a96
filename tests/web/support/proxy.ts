/** What stands between a browser and the server, and can be taken away: refuses, or loses answers on their way back. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Manner =
  /** Everything goes through. */
  | 'open'
  /** Nobody is there: connections end at once. */
  | 'down'
  /** What is written reaches the server; its answer does not come back. */
  | 'answerless';

export class Proxy {
  manner: Manner = 'open';
  /** How many writes reached the server whose answers were lost. */
  lost = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: URL) {
    this.#server = createServer((asked, answer) => this.#pass(target, asked, answer));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (this.manner === 'down') socket.destroy();
    });
  }

  static async before(target: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(target));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The server is gone, and with it every open connection. */
  down(): void {
    this.manner = 'down';
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.down();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(target: URL, asked: IncomingMessage, answer: ServerResponse): void {
    const { method, headers, url: path } = asked;
    const loses = this.manner === 'answerless' && method === 'POST' && path?.endsWith('/timeline') === true;
    const to = { host: target.hostname, port: target.port, method, path, headers: { ...headers, host: target.host } };
    const sent = request(to, (got) => {
      if (loses) {
        this.lost += 1;
        got.resume();
        got.on('end', () => answer.destroy());
        return;
      }
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    sent.on('error', () => answer.destroy());
    answer.on('close', () => sent.destroy());
    asked.pipe(sent);
  }
}

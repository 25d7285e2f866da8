import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stopAtEnd } from './started';

/** An instance of a service. */
export interface Instance {
  port: number;
  meta?: Record<string, string>;
}

/** A played Consul: its catalog and the instances whose checks pass, as an agent answers about them, waits for changes included. */
export class Consul {
  private readonly services = new Map<string, Instance[]>();
  private readonly waiting = new Set<() => void>();
  private index = 1;

  private constructor(
    private readonly server: Server,
    /** Without it every question is refused. */
    readonly token: string,
    readonly address: string,
  ) {}

  static async start(token: string): Promise<Consul> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const consul = new Consul(server, token, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => consul.answer(request, response));
    stopAtEnd(() => consul.stop());
    return consul;
  }

  /** Says which instances a service has; whoever waits hears it. */
  register(service: string, ...instances: Instance[]): void {
    this.services.set(service, instances);
    this.index++;
    for (const wake of [...this.waiting]) wake();
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, this.address);
    if (request.headers['x-consul-token'] !== this.token) return void response.writeHead(403).end('ACL not found');
    const seen = Number(searchParams.get('index') ?? 0);
    const send = () => {
      const body = this.read(pathname);
      response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/json', 'X-Consul-Index': this.index }).end(JSON.stringify(body));
    };
    if (seen < this.index) return send();
    const wake = () => {
      this.waiting.delete(wake);
      send();
    };
    this.waiting.add(wake);
    response.once('close', () => this.waiting.delete(wake));
  }

  private read(path: string): unknown {
    if (path === '/v1/catalog/services') return Object.fromEntries([['consul', []], ...[...this.services.keys()].map((name) => [name, []])]);
    const service = /^\/v1\/health\/service\/(.+)$/.exec(path)?.[1];
    if (service === undefined) return undefined;
    return (this.services.get(decodeURIComponent(service)) ?? []).map(({ port, meta = {} }) => ({
      Node: { Node: 'machine', Address: '127.0.0.1' },
      Service: { Service: service, Address: '127.0.0.1', Port: port, Meta: meta, Weights: { Passing: 1, Warning: 1 } },
      Checks: [],
    }));
  }
}

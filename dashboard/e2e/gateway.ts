import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const EXECUTABLE = process.env.HEADGATE_EXECUTABLE ?? resolve(import.meta.dirname, '../../artifacts/bin/Headgate/release/headgate');
const KEY = 'a-key-for-tests-of-32-characters';

/** A gateway of its own: the real executable on free ports of loopback, with an empty store. */
export class Gateway {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    /** Address of the Admin API, and so of the dashboard. */
    readonly address: string,
    /** Address that takes traffic. */
    readonly traffic: string,
    /** Of the first user, `admin`. */
    readonly password: string,
  ) {}

  static async start(): Promise<Gateway> {
    if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: build Headgate first`);
    const folder = mkdtempSync(join(tmpdir(), 'headgate-e2e-'));
    const free = '{ip: 127.0.0.1, port: 0}';
    writeFileSync(
      join(folder, 'config.yaml'),
      `apisix: {node_listen: [${free}], ssl: {enable: false}, control: ${free}, status: ${free}}
deployment: {admin: {admin_listen: ${free}, admin_key: [{name: admin, key: "${KEY}", role: admin}]}}
plugin_attr: {prometheus: {export_addr: ${free}}}
headgate: {data: ${join(folder, 'data')}}
`,
    );
    // What says where to test would be settings of the gateway to the gateway.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEADGATE_')));
    const child = spawn(EXECUTABLE, ['run', '--config', join(folder, 'config.yaml')], { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    const started = new Promise<void>((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`the gateway did not start in 30 s:\n${output}`)), 30_000);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (/first user .*\n/.test(output)) {
          clearTimeout(timer);
          done();
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => failed(new Error(`the gateway ended with ${code}:\n${output}`)));
    });
    await started;
    const find = (pattern: RegExp) => pattern.exec(output)![1]!;
    return new Gateway(child, folder, find(/Admin API +(http:\/\/[\d.:]+)/), find(/HTTP +(http:\/\/[\d.:]+)/), find(/first user +admin, password (\S+)/));
  }

  /** Asks the API with the admin key; fails when it refuses. */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.address + path, { method, headers: { 'X-API-KEY': KEY }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A backend node that answers 200 or fails, and can go away and come back at its port. */
export class Node {
  private server?: Server;
  private answered = 0;
  port = 0;
  /** Whether every fourth answer is 500, but to probes. */
  fails = false;

  static async start(): Promise<Node> {
    const node = new Node();
    await node.up();
    return node;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => {
      if (this.fails && request.url !== '/' && this.answered++ % 4 === 0) response.statusCode = 500;
      response.end('ok');
    });
    this.server = server;
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const server = this.server;
    if (!server?.listening) return;
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  }
}

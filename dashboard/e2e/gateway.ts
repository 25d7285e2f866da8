import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stopAtEnd } from './started';

const EXECUTABLE = process.env.HEADGATE_EXECUTABLE ?? resolve(import.meta.dirname, '../../artifacts/bin/Headgate/release/headgate');
const KEY = 'a-key-for-tests-of-32-characters';

/** Settings over those of every gateway here: like config.yaml. */
export type Settings = { [member: string]: unknown };

const anyPort = { ip: '127.0.0.1', port: 0 };

const settingsOf = (folder: string): Settings => ({
  apisix: { node_listen: [anyPort], ssl: { enable: false }, control: anyPort, status: anyPort },
  deployment: { admin: { admin_listen: anyPort, admin_key: [{ name: 'admin', key: KEY, role: 'admin' }] } },
  plugin_attr: { prometheus: { export_addr: anyPort } },
  headgate: { data: join(folder, 'data') },
});

const isMapping = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Settings, with others laid over them. */
function overlaid(base: Settings, over: Settings): Settings {
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((name) => {
      const [below, above] = [base[name], over[name]];
      return [name, isMapping(below) && isMapping(above) ? overlaid(below, above) : above === undefined ? below : above];
    }),
  );
}

/** A gateway of its own: the real executable on free ports of loopback, with an empty store. */
export class Gateway {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly output: string,
  ) {}

  /** `lastWord`: what it says last at its start; one that only takes traffic has no first user. */
  static async start(settings: Settings = {}, lastWord = 'first user'): Promise<Gateway> {
    if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: build Headgate first`);
    const folder = mkdtempSync(join(tmpdir(), 'headgate-e2e-'));
    // JSON is YAML.
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(overlaid(settingsOf(folder), settings)));
    // What says where to test would be settings of the gateway to the gateway.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEADGATE_')));
    const child = spawn(EXECUTABLE, ['run', '--config', join(folder, 'config.yaml')], { stdio: ['ignore', 'pipe', 'pipe'], env });
    const gateway = new Gateway(child, folder, await said(child, new RegExp(`^  ${lastWord} .*\\n`, 'm')));
    stopAtEnd(() => gateway.stop());
    return gateway;
  }

  /** Address of the Admin API, and so of the dashboard. */
  get address(): string {
    return this.find(/Admin API +(http:\/\/[\d.:]+)/);
  }

  /** Address that takes traffic. */
  get traffic(): string {
    return this.find(/HTTP +(http:\/\/[\d.:]+)/);
  }

  /** Of the first user, `admin`. */
  get password(): string {
    return this.find(/first user +admin, password (\S+)/);
  }

  /** Stands still, as a machine that hangs. */
  pause(): void {
    this.process.kill('SIGSTOP');
  }

  /** Goes on. */
  resume(): void {
    this.process.kill('SIGCONT');
  }

  private find(pattern: RegExp): string {
    const found = pattern.exec(this.output)?.[1];
    if (found === undefined) throw new Error(`the gateway did not say ${pattern}:\n${this.output}`);
    return found;
  }

  /** Asks the API with the admin key; fails when it refuses. */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.address + path, { method, headers: { 'X-API-KEY': KEY }, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  private async stop(): Promise<void> {
    this.resume();
    await ended(this.process);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a process has written by the time that something is in it; fails when it ends before, or takes 30 s. */
function said(child: ChildProcess, what: RegExp): Promise<string> {
  let output = '';
  return new Promise((done, failed) => {
    const timer = setTimeout(() => {
      child.kill();
      failed(new Error(`nothing said ${what} in 30 s:\n${output}`));
    }, 30_000);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!what.test(output)) return;
      clearTimeout(timer);
      done(output);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', (code) => failed(new Error(`it ended with ${code}:\n${output}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await exit;
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** An etcd of one member. */
export class Etcd {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly address: string,
  ) {}

  static async start(): Promise<Etcd> {
    const folder = mkdtempSync(join(tmpdir(), 'headgate-etcd-'));
    const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
    const child = spawn(
      'etcd',
      ['--data-dir', join(folder, 'data'), '--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    await said(child, /ready to serve client requests/);
    const etcd = new Etcd(child, folder, client);
    stopAtEnd(() => etcd.stop());
    return etcd;
  }

  private async stop(): Promise<void> {
    await ended(this.process);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A backend node that answers 200 or fails, and can go away and come back at its port. */
export class Node {
  private server?: Server;
  port = 0;
  /** Whether every fourth answer is 500, but to probes. */
  fails = false;
  /** Milliseconds that an answer takes. */
  delay = 0;
  /** Requests that came, but probes. */
  asked = 0;

  static async start(): Promise<Node> {
    const node = new Node();
    await node.up();
    stopAtEnd(() => node.down());
    return node;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === '/') return void response.end('ok');
      if (this.fails && this.asked % 4 === 0) response.statusCode = 500;
      this.asked++;
      setTimeout(() => response.end('ok'), this.delay);
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

"""The load generators, all on the load's core: wrk (closed loop), openssl s_time (handshakes), h2load (fixed rate), and plain sockets (idle connections)."""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import machine
from measure.origin import BODIES
from measure.proxies import Proxy

_HANDSHAKERS = 4
_VARIANTS = 100


@dataclass(frozen=True)
class Done:
    """What a load generator counted."""

    requests: int
    failed: int


Load = Callable[[Proxy, int], Done]
"""Loads a proxy for a number of seconds."""


@dataclass(frozen=True)
class Run:
    """One run of a load: what it took of the proxy and of the machine."""

    requests: int
    failed: int
    seconds: float
    cpu: machine.CpuTime
    others: float
    """Share of all cores' time that neither the proxy nor the load nor the origin used: above a few per cent the machine was not quiet."""

    @property
    def cpu_us(self) -> float:
        """CPU µs of the proxy for a request."""
        return self.cpu.total / self.requests * 1e6

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class LatencyRun:
    """Latencies at a fixed rate, in ms."""

    p50: float
    p99: float
    achieved: float
    """Requests a second, of those that were asked for."""
    failed: int
    load_core_busy: float
    """Share of the load's core that generator and origin took: near 1, the latency is theirs."""


def observe(proxy: Proxy, load: Load, seconds: int) -> Run:
    """Runs the load and takes the difference of what /proc says before and after."""
    origin = proxy.origin.process.pid
    busy, own, node, cpu, begun = machine.busy_seconds(), machine.own_cpu_seconds(), machine.cpu_time(origin), machine.cpu_time(proxy.pid), time.monotonic()
    done = load(proxy, seconds)
    wall = time.monotonic() - begun
    used = machine.cpu_time(proxy.pid).since(cpu)
    ours = used.total + machine.cpu_time(origin).since(node).total + machine.own_cpu_seconds() - own
    others = max(0.0, machine.busy_seconds() - busy - ours) / (wall * (os.cpu_count() or 1))
    if done.requests == 0:
        raise RuntimeError(f"{proxy.name}: no request was answered")
    return Run(done.requests, done.failed, wall, used, others)


def closed_loop(connections: int, body: str = "1k", tls: bool = False, routes: Sequence[int] | None = None) -> Load:
    """wrk: each connection asks again as soon as it is answered. With `routes`, a hundred targets on these routes in turn; else one target."""
    if routes:
        return walk(connections, [(f"/r{routes[i % len(routes)]}/{i}/{body}", {}) for i in range(_VARIANTS)], tls)
    return lambda proxy, seconds: _wrk(proxy, connections, seconds, proxy.url(f"/r0/{body}", tls), None)


def walk(connections: int, requests: Sequence[tuple[str, Mapping[str, str]]], tls: bool = False) -> Load:
    """wrk: the same, with these targets and header fields in turn."""
    return lambda proxy, seconds: _wrk(proxy, connections, seconds, proxy.url(requests[0][0], tls), _walk_script(proxy.folder, requests))


def varied(connections: int) -> Load:
    """wrk with paths, queries and header fields that differ from request to request."""
    return lambda proxy, seconds: _wrk(proxy, connections, seconds, proxy.url("/r0/1k"), _vary_script(proxy.folder))


def handshakes(proxy: Proxy, seconds: int) -> Done:
    """
    A new TLS session for every request. Not wrk with `Connection: close`: that resumes the session it has (nginx's $ssl_session_reused shows it), which spares the
    server the signature.
    """
    command = ["taskset", "-c", proxy.setup.load_cores, "openssl", "s_time", "-connect", f"127.0.0.1:{proxy.tls_port}", "-new", "-time", str(seconds), "-www", "/r0/1k"]
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_tls_environment(proxy))
               for _ in range(_HANDSHAKERS)]
    requests = failed = 0
    for process in running:
        # One * a connection, then "2035 connections in 3 real seconds, 1234 bytes read per connection".
        said = re.search(r"(\d+) connections in \d+ real seconds, (\d+) bytes read per connection", process.communicate()[0])
        count, size = (int(said.group(1)), int(said.group(2))) if said else (0, 0)
        requests += count
        failed += count if size < len(BODIES["1k"]) or process.returncode != 0 else 0
    return Done(requests, failed)


def fixed_rate(proxy: Proxy, connections: int, rate: int, seconds: int) -> LatencyRun:
    """h2load: requests evenly spaced on each connection. The percentiles come from its log, which has every request."""
    log = proxy.folder / "latency.log"
    log.unlink(missing_ok=True)
    origin, own, begun = machine.cpu_time(proxy.origin.process.pid), machine.own_cpu_seconds(), time.monotonic()
    subprocess.run(["taskset", "-c", proxy.setup.load_cores, "h2load", "--h1", "-t1", f"-c{connections}", f"--rps={max(1, rate // connections)}",
                    f"-D{seconds}", f"--log-file={log}", proxy.url("/r0/1k")], capture_output=True, check=True)
    wall = time.monotonic() - begun
    used = machine.cpu_time(proxy.origin.process.pid).since(origin).total + machine.own_cpu_seconds() - own
    # Start of the request, status, duration in µs.
    rows = [line.split("\t") for line in log.read_text().splitlines()]
    times = sorted(int(row[2]) for row in rows if row[1] == "200")
    if not times:
        raise RuntimeError(f"{proxy.name}: no request was answered")
    return LatencyRun(times[len(times) // 2] / 1000, times[int(len(times) * 0.99)] / 1000, len(times) / seconds, len(rows) - len(times), used / wall)


class IdleConnections:
    """Connections that asked once and then stay open."""

    _REQUEST = b"GET /r0/1k HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def __init__(self, port: int, count: int) -> None:
        self._sockets: list[socket.socket] = []
        try:
            for _ in range(count):
                self._sockets.append(socket.create_connection(("127.0.0.1", port), timeout=10))
                self._ask(self._sockets[-1])
        except OSError as error:
            self.close()
            raise RuntimeError(f"connection {len(self._sockets)} of {count}: {error}") from error

    def ask_again(self) -> int:
        """Asks on every connection; the number of those that are still served."""
        served = 0
        for one in self._sockets:
            try:
                self._ask(one)
                served += 1
            except OSError:
                continue
        return served

    def close(self) -> None:
        for one in self._sockets:
            one.close()

    def _ask(self, one: socket.socket) -> None:
        one.sendall(self._REQUEST)
        received = b""
        while len(received) < len(BODIES["1k"]) or not received.endswith(BODIES["1k"]):
            more = one.recv(8192)
            if not more:
                raise ConnectionError("closed by the proxy")
            received += more


def _wrk(proxy: Proxy, connections: int, seconds: int, url: str, script: Path | None) -> Done:
    command = ["taskset", "-c", proxy.setup.load_cores, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *(["-s", str(script)] if script else []), url]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=_tls_environment(proxy)).stdout
    requests = re.search(r"(\d+) requests in", out)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    failed = (int(bad.group(1)) if bad else 0) + sum(int(count) for count in (errors.groups() if errors else ()))
    return Done(int(requests.group(1)) if requests else 0, failed)


def _tls_environment(proxy: Proxy) -> dict[str, str]:
    return {**os.environ, "OPENSSL_CONF": str(proxy.tls.client_config)}


def _walk_script(folder: Path, requests: Sequence[tuple[str, Mapping[str, str]]]) -> Path:
    script = folder / "walk.lua"
    listed = ",\n".join(f"{{ {json.dumps(target)}, {{ {', '.join(f'[{json.dumps(name)}] = {json.dumps(value)}' for name, value in fields.items())} }} }}" for target, fields in requests)
    script.write_text(f"""local walked = {{ {listed} }}
local requests, n = {{}}, 0
init = function() for i, one in ipairs(walked) do requests[i] = wrk.format("GET", one[1], one[2]) end end
request = function() n = n % #requests + 1; return requests[n] end
""")
    return script


def _vary_script(folder: Path) -> Path:
    script = folder / "vary.lua"
    script.write_text("""local n = 0
request = function()
  n = n + 1
  local headers = { ["Host"] = "host-" .. n % 1000 .. ".test", ["X-Request-Id"] = "id-" .. n }
  for field = 1, n % 6 do headers["X-Field-" .. field .. "-" .. n % 100] = string.rep("v", (n + field) % 50) end
  return wrk.format("GET", "/r0/item/" .. n .. "/1k?page=" .. n % 17 .. "&q=" .. string.rep("q", n % 40), headers)
end
""")
    return script

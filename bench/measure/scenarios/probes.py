"""What health probes cost: CPU a probe and memory, with 1,000 and 10,000 nodes, and how evenly they are probed."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import machine
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.headgate import Headgate

_WINDOW_SECONDS = 10
_UPSTREAM_NODES = 100
_LIMIT_PERCENT = 3.0
"""Of a core, for 1,000 nodes probed once a second on kept connections."""

_NODES_CONFIG = """
daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error.log; worker_rlimit_nofile 19000;
events { worker_connections 18000; }
http {
  log_format probe "$server_addr $msec";
  access_log %(folder)s/probes.log probe buffer=1m flush=1s;
  keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  server { listen %(port)d backlog=8192; allow 127.0.0.0/8; deny all; return 200 "ok"; }
}
"""

_HAPROXY_CONFIG = """
global
  nbthread 1
  spread-checks 10
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
"""


@dataclass(frozen=True)
class _Side:
    server: str
    nodes: int
    interval: int
    reuses: bool = False


@dataclass(frozen=True)
class _Found:
    cpu_us: list[float]
    core_percent: list[float]
    rate: float
    resident_mb: float
    probed: int
    longest_gap: float


class _Nodes:
    """One nginx that answers for every address of 127.0.0.0/8 on one port, and notes which was asked when."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.port = machine.free_port()
        self._log = folder / "probes.log"
        config = folder / "nginx.conf"
        config.write_text(_NODES_CONFIG % {"folder": folder, "port": self.port})
        self.process = machine.start(["nginx", "-c", str(config), "-p", str(folder)], machine.LOAD_CORE, folder)

    def addresses(self, count: int) -> list[str]:
        return [f"127.{1 + i // 62_500}.{i // 250 % 250}.{i % 250 + 1}" for i in range(count)]

    def between(self, begin: float, end: float) -> dict[str, list[float]]:
        """Times of the probes of each address."""
        time.sleep(1.5)  # what nginx has buffered is written by then
        seen: dict[str, list[float]] = defaultdict(list)
        with open(self._log) as log:
            for line in log:
                address, at = line.split()
                if begin <= float(at) < end:
                    seen[address].append(float(at))
        return seen


def probes(bench: Bench) -> Table:
    bench.fleet.dismiss()
    table = Table("Health probes",
                  f"HTTP probes of nodes on as many addresses of 127.0.0.0/8, no other traffic; each server started for this, CPU from windows of {_WINDOW_SECONDS} s. The kernel's part "
                  "includes what it does for the node: on loopback that is charged to the sender. *Kept*: `reuse_connection`. *Probed*: nodes that were asked in two intervals. "
                  "*Longest gap*: between two probes of one node.",
                  ("server", "nodes", "interval", "connection", "probes/s", "CPU µs/probe", "% of a core", "MB resident", "probed", "longest gap", "target"))
    sides = [_Side("haproxy", 1_000, 1)] if "haproxy" in bench.servers else []
    # On both transports probes run alike.
    sides += [_Side(JUDGED, 1_000, 1), _Side(JUDGED, 1_000, 1, reuses=True), _Side(JUDGED, 10_000, 10), _Side(JUDGED, 10_000, 2), _Side(JUDGED, 10_000, 2, reuses=True)]
    nodes = _Nodes(bench.fleet.folder / "probed")
    try:
        for side in sides:
            found = _haproxy(bench, side, nodes) if side.server == "haproxy" else _headgate(bench, side, nodes)
            judged = ""
            if side == _Side(JUDGED, 1_000, 1, reuses=True):
                judged = table.judge(Verdict("1,000 nodes probed once a second on kept connections", Spread.of(found.core_percent).median, _LIMIT_PERCENT, "% of a core"))
            table.add(side.server, f"{side.nodes:,}", f"{side.interval} s", "kept" if side.reuses else "each its own", f"{found.rate:,.0f}", Spread.of(found.cpu_us).show(),
                      Spread.of(found.core_percent).show(), f"{found.resident_mb:.0f}", f"{found.probed:,}", f"{found.longest_gap:.1f} s", judged)
    finally:
        machine.stop(nodes.process)
    return table


def _headgate(bench: Bench, side: _Side, nodes: _Nodes) -> _Found:
    proxy = bench.fleet.get(side.server)
    assert isinstance(proxy, Headgate)
    active = {"reuse_connection": side.reuses, "healthy": {"interval": side.interval}, "unhealthy": {"interval": side.interval}}
    addresses = nodes.addresses(side.nodes)
    proxy.put_all((f"/upstreams/probed{i}", {"nodes": {f"{address}:{nodes.port}": 1 for address in addresses[i:i + _UPSTREAM_NODES]}, "checks": {"active": active}})
                  for i in range(0, side.nodes, _UPSTREAM_NODES))
    try:
        return _measure(bench, side, proxy.pid, nodes)
    finally:
        bench.fleet.dismiss()


def _haproxy(bench: Bench, side: _Side, nodes: _Nodes) -> _Found:
    folder = bench.fleet.folder / "probing-haproxy"
    folder.mkdir()
    servers = "\n".join(f"  server s{i} {address}:{nodes.port} check inter {side.interval}s" for i, address in enumerate(nodes.addresses(side.nodes)))
    config = folder / "haproxy.cfg"
    config.write_text(f"{_HAPROXY_CONFIG}backend probed\n  option httpchk GET /\n{servers}\nfrontend none\n  bind 127.0.0.1:{machine.free_port()}\n  default_backend probed\n")
    process = machine.start(["haproxy", "-db", "-f", str(config)], machine.PROXY_CORE, folder)
    try:
        return _measure(bench, side, process.pid, nodes)
    finally:
        machine.stop(process)


def _measure(bench: Bench, side: _Side, pid: int, nodes: _Nodes) -> _Found:
    time.sleep(max(bench.warm_up, 2 * side.interval))
    windows: list[tuple[float, float, float]] = []
    begin = time.time()
    for _ in range(bench.rounds):
        start, before = time.time(), machine.cpu_time(pid)
        time.sleep(_WINDOW_SECONDS)
        windows.append((start, time.time(), machine.cpu_time(pid).since(before).total))
    resident = machine.resident_mb(pid)
    seen = nodes.between(begin, time.time())
    times = [at for each in seen.values() for at in each]
    counts = [sum(1 for at in times if start <= at < end) for start, end, _ in windows]
    recent = windows[-1][1] - 2 * side.interval
    gaps: Callable[[list[float]], float] = lambda each: max((b - a for a, b in zip(each, each[1:])), default=0.0)
    return _Found(
        [cpu / count * 1e6 for (_, _, cpu), count in zip(windows, counts, strict=True)],
        [cpu / (end - start) * 100 for start, end, cpu in windows],
        len(times) / sum(end - start for start, end, _ in windows), resident,
        sum(1 for each in seen.values() if each[-1] >= recent), max((gaps(each) for each in seen.values()), default=0.0))

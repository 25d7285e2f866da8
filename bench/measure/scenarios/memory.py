"""Resident memory: just started, after load, and with idle connections held."""

import time
from dataclasses import dataclass

from measure import load, machine
from measure.bench import JUDGED, Bench
from measure.figures import Table, Verdict
from measure.proxies import Proxy

_HELD = 9_000
_BASE_MB = 80.0
_CONNECTION_MB = 8192 / 1e6
_SETTLE_SECONDS = 2


@dataclass(frozen=True)
class _Memory:
    started: float
    loaded: float
    held: float
    served_again: int
    node_connections: int


def memory(bench: Bench) -> Table:
    bench.fleet.dismiss()
    table = Table("Resident memory",
                  "MB (10^6 bytes) of the server's processes, each started for this: after ten requests, after a load of 32 connections, "
                  f"with {_HELD:,} kept connections that asked once. *Served again*: held connections that then answered a second request. "
                  "*To nodes*: connections to nodes while all were held.",
                  ("server", "started", "after load", f"{_HELD:,} held", "KiB a connection", "served again", "to nodes", "target"))
    for name in bench.servers:
        found = _measure(bench, bench.fleet.get(name))
        bench.count_failed(name, _HELD - found.served_again)
        bench.fleet.dismiss()
        table.add(name, f"{found.started:.0f}", f"{found.loaded:.0f}", f"{found.held:.0f}", f"{(found.held - found.loaded) * 1e6 / 1024 / _HELD:.1f}",
                  f"{found.served_again:,}", str(found.node_connections), _judge(table, found) if name == JUDGED else "")
    return table


def _measure(bench: Bench, proxy: Proxy) -> _Memory:
    started = machine.resident_mb(proxy.pid)
    load.closed_loop(32)(proxy, bench.warm_up)
    time.sleep(_SETTLE_SECONDS)
    loaded = machine.resident_mb(proxy.pid)
    connections = load.IdleConnections(proxy.port, _HELD)
    try:
        time.sleep(_SETTLE_SECONDS)
        held, node_connections = machine.resident_mb(proxy.pid), machine.established_count(proxy.origin.ports)
        return _Memory(started, loaded, held, connections.ask_again(), node_connections)
    finally:
        connections.close()


def _judge(table: Table, found: _Memory) -> str:
    idle = table.judge(Verdict("resident memory after load, no connection", found.loaded, _BASE_MB, "MB"))
    held = table.judge(Verdict(f"resident memory with {found.served_again:,} idle connections", found.held, _BASE_MB + _HELD * _CONNECTION_MB, "MB"))
    return f"{idle}; {held}"

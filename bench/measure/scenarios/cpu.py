"""CPU time for a proxied request, on one core: clear text, TLS on kept connections, a TLS handshake for each request."""

from collections.abc import Sequence
from dataclasses import dataclass

from measure import load
from measure.bench import JUDGED, PEERS, Bench
from measure.figures import Spread, Table, Verdict
from measure.tls import CIPHER

_COLUMNS = ("load", "server", "CPU µs/request", "user + system", "× nginx", "× HAProxy", "throughput × nginx", "target")


@dataclass(frozen=True)
class _Case:
    name: str
    load: load.Load
    kind: str
    limit: float
    judged_by: Sequence[str]


def plain(bench: Bench) -> Table:
    cases = [_Case(f"{body[:-1]} KiB, {connections} connections", load.closed_loop(connections, body), "clear", 0.9, PEERS)
             for body, connections in (("1k", 32), ("1k", 128), ("64k", 32), ("64k", 128))]
    return _compare(bench, "CPU per request, clear text", "One route, three nodes, one core, connections kept on both sides.", cases)


def tls(bench: Bench) -> Table:
    cases = [_Case(f"1 KiB, {connections} connections", load.closed_loop(connections, tls=True), "tls", 1.2, ("nginx",)) for connections in (32, 128)]
    return _compare(bench, "CPU per request, TLS to clients", f"TLS 1.3, {CIPHER}, ECDSA P-256, connections kept.", cases)


def handshake(bench: Bench) -> Table:
    cases = [_Case("1 KiB, new session each", load.handshakes, "handshake", 1.2, ("nginx",))]
    return _compare(bench, "CPU per request, full TLS handshake each", f"Every request on a new connection with a new session; {CIPHER}, ECDSA P-256, X25519.", cases)


def _compare(bench: Bench, title: str, note: str, cases: Sequence[_Case]) -> Table:
    table = Table(title, note, _COLUMNS)
    for case in cases:
        runs = bench.cpu({name: (bench.fleet.get(name), case.load) for name in bench.servers}, case.kind)
        for name in bench.servers:
            ratios = {peer: Spread.ratio([r.cpu_us for r in runs[name]], [r.cpu_us for r in runs[peer]]) for peer in PEERS if peer in runs}
            throughput = Spread.ratio([r.rate for r in runs[name]], [r.rate for r in runs["nginx"]]) if "nginx" in runs else None
            table.add(case.name, name, Spread.of(r.cpu_us for r in runs[name]).show(), _split(runs[name]),
                      *(ratios[peer].show_ratio() if peer in ratios and peer != name else "-" for peer in PEERS),
                      f"{throughput.median:.2f}" if throughput else "-", _judge(table, f"{title}, {case.name}", case, name, ratios))
    return table


def _judge(table: Table, what: str, case: _Case, name: str, ratios: dict[str, Spread]) -> str:
    if name != JUDGED:
        return ""
    return "; ".join(f"{peer}: " + table.judge(Verdict(f"{what}: against {peer}", ratios[peer].median, case.limit)) for peer in case.judged_by if peer in ratios)


def _split(runs: Sequence[load.Run]) -> str:
    user = Spread.of(run.cpu.user / run.requests * 1e6 for run in runs)
    system = Spread.of(run.cpu.system / run.requests * 1e6 for run in runs)
    return f"{user.median:.1f} + {system.median:.1f}"

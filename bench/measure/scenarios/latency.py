"""Latency at a fixed rate, the same for every server."""

from functools import partial

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict

_SHARE = 0.6
"""Of what the slowest server can do. Caddy is left out: three times slower, it would leave the others idle."""


def latency(bench: Bench) -> Table:
    table = Table("Latency at a fixed rate", f"1 KiB, one core; h2load at {_SHARE * 100:.0f} % of what the slowest of these servers can do.",
                  ("connections", "server", "p50 ms", "p99 ms", "p99 × nginx", "requests/s: asked, achieved", "load's core busy", "target"))
    names = bench.without("caddy")
    for connections in (32, 128):
        closed = load.closed_loop(connections)
        proxies = {name: bench.fleet.get(name) for name in names}
        for proxy in proxies.values():
            bench.warm(proxy, closed, "clear")
        fastest = [load.observe(proxy, closed, bench.seconds) for proxy in proxies.values()]
        bench.others += [run.others for run in fastest]
        rate = int(_SHARE * min(run.rate for run in fastest)) // connections * connections  # h2load takes whole numbers for each connection
        runs = bench.interleave({name: partial(load.fixed_rate, proxy, connections, rate, bench.seconds) for name, proxy in proxies.items()})
        for name in names:
            bench.count_failed(name, sum(run.failed for run in runs[name]))
            _row(table, connections, name, rate, runs)
    return table


def _row(table: Table, connections: int, name: str, rate: int, runs: dict[str, list[load.LatencyRun]]) -> None:
    ratio = Spread.ratio([run.p99 for run in runs[name]], [run.p99 for run in runs["nginx"]]) if "nginx" in runs else None
    achieved = Spread.of(run.achieved for run in runs[name]).median
    judged = table.judge(Verdict(f"p99 at a fixed rate, {connections} connections: against nginx", ratio.median, 1.0)) if ratio and name == JUDGED else ""
    table.add(str(connections), name, Spread.of(run.p50 for run in runs[name]).show(2), Spread.of(run.p99 for run in runs[name]).show(2),
              ratio.show_ratio() if ratio and name != "nginx" else "-",
              f"{rate:,}, {achieved:,.0f}" + (" **too few**" if achieved < 0.97 * rate else ""),
              f"{Spread.of(run.load_core_busy for run in runs[name]).median * 100:.0f} %", judged)

"""Latency at a fixed rate, the same for every server."""

import math
from functools import partial

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict

_SHARE = 0.6
"""Of what the slowest server can do. Caddy is left out: three times slower, it would leave the others idle."""
_KEPT = 0.97
"""Share of the rate that must have been achieved: latencies at different rates do not compare."""


def latency(bench: Bench) -> Table:
    table = Table("Latency at a fixed rate", f"1 KiB, one core; h2load at {_SHARE * 100:.0f} % of what the slowest of these servers can do.",
                  ("connections", "server", "p50 ms", "p99 ms", "p99 × nginx", "requests/s: asked, achieved", "load's core busy", "target"))
    names = bench.without("caddy")
    for connections in (32, 128):
        closed = load.closed_loop(connections)
        proxies = {name: bench.fleet.get(name) for name in names}
        for proxy in proxies.values():
            bench.warm(proxy, closed, "clear")
        full = {name: [load.observe(proxy, closed, bench.seconds) for _ in range(2)] for name, proxy in proxies.items()}
        bench.others += [run.others for of in full.values() for run in of]
        # The better of two: a run that was disturbed would set a rate at which nobody has anything to do.
        rate = int(_SHARE * min(max(run.rate for run in of) for of in full.values()))
        rate -= rate % connections  # h2load takes whole numbers for each connection
        runs = bench.interleave({name: partial(load.fixed_rate, proxy, connections, rate, bench.seconds) for name, proxy in proxies.items()})
        for name in names:
            bench.count_failed(name, sum(run.failed for run in runs[name]))
            _row(table, connections, name, rate, runs)
    return table


def _row(table: Table, connections: int, name: str, rate: int, runs: dict[str, list[load.LatencyRun]]) -> None:
    ratio = Spread.ratio([run.p99 for run in runs[name]], [run.p99 for run in runs["nginx"]]) if "nginx" in runs else None
    achieved = {side: Spread.of(run.achieved for run in runs[side]).median for side in runs}
    slow = {side for side in runs if achieved[side] < _KEPT * rate}
    judged = ""
    if ratio and name == JUDGED and "nginx" not in slow:
        # Who cannot keep up has no latency to compare, and has missed.
        value = math.inf if name in slow else ratio.median
        judged = table.judge(Verdict(f"p99 at a fixed rate, {connections} connections: against nginx", value, 1.0))
    table.add(str(connections), name, Spread.of(run.p50 for run in runs[name]).show(2), Spread.of(run.p99 for run in runs[name]).show(2),
              ratio.show_ratio() if ratio and name != "nginx" else "-",
              f"{rate:,}, {achieved[name]:,.0f}" + (" **too few: not comparable**" if name in slow else ""),
              f"{Spread.of(run.load_core_busy for run in runs[name]).median * 100:.0f} %", judged)

"""What a request costs with 10,000 routes and 10,000 upstreams instead of one of each."""

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.proxies import Setup

_MANY = 10_000
_LIMIT = 1.1


def scale(bench: Bench) -> Table:
    table = Table(f"From one route to {_MANY:,}",
                  f"1 KiB, 32 connections, one core, CPU µs/request. Requests walk 100 paths: on the one route; on one of {_MANY:,}; "
                  "on 100 of them, each with connections of its own to the nodes.",
                  ("server", "1 route, 1 upstream", f"{_MANY:,}, one in use", "÷ one", f"{_MANY:,}, 100 in use", "÷ one", "target"))
    many = Setup(routes=_MANY)
    # Caddy looks at its routes one after the other: ten thousand of them measure that and nothing else.
    names = bench.without("caddy")
    loads = {"one": (Setup(), load.closed_loop(32, routes=[0])), "one of many": (many, load.closed_loop(32, routes=[_MANY // 2])),
             "hundred of many": (many, load.closed_loop(32, routes=range(0, _MANY, _MANY // 100)))}
    runs = bench.cpu({f"{name} {use}": (bench.fleet.get(name, setup), under) for name in names for use, (setup, under) in loads.items()})
    bench.fleet.dismiss(many)
    for name in names:
        costs = {use: [run.cpu_us for run in runs[f"{name} {use}"]] for use in loads}
        ratios = {use: Spread.ratio(costs[use], costs["one"]) for use in loads}
        cells = [Spread.of(costs["one"]).show()]
        judged = []
        for use in list(loads)[1:]:
            cells += [Spread.of(costs[use]).show(), ratios[use].show_ratio()]
            if name == JUDGED:
                judged.append(table.judge(Verdict(f"{_MANY:,} routes and upstreams, {use}: ÷ the cost of one", ratios[use].median, _LIMIT)))
        table.add(name, *cells, "; ".join(judged))
    return table

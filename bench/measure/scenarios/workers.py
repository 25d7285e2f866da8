"""What a request costs with two workers, threads or loops instead of one."""

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.proxies import Setup


def workers(bench: Bench) -> Table:
    table = Table("From one worker to two",
                  "1 KiB, 128 connections, CPU µs/request. One worker has core 0, load and origin core 1; two workers have both cores, and share them with the load.",
                  ("server", "one", "two", "growth", "growth ÷ nginx's", "throughput two ÷ one", "target"))
    names = bench.without("caddy")
    under = load.closed_loop(128)
    runs = bench.cpu({f"{name} {count}": (bench.fleet.get(name, Setup(workers=count)), under) for name in names for count in (1, 2)})
    bench.fleet.dismiss(Setup(workers=2))
    growth = {name: [two.cpu_us / one.cpu_us for one, two in zip(runs[f"{name} 1"], runs[f"{name} 2"], strict=True)] for name in names}
    for name in names:
        one, two = runs[f"{name} 1"], runs[f"{name} 2"]
        against = Spread.ratio(growth[name], growth["nginx"]) if "nginx" in growth else None
        judged = table.judge(Verdict("growth of CPU per request from one loop to two, ÷ nginx's", against.median, 1.0)) if against and name == JUDGED else ""
        table.add(name, Spread.of(run.cpu_us for run in one).show(), Spread.of(run.cpu_us for run in two).show(), Spread.of(growth[name]).show_ratio(),
                  against.show_ratio() if against and name != "nginx" else "-", f"{Spread.ratio([r.rate for r in two], [r.rate for r in one]).median:.2f}", judged)
    return table

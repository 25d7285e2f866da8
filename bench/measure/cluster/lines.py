"""What lines cost: the reports of a data plane, and a control plane that many instances report to."""

import time
from collections.abc import Callable

from measure import machine
from measure.cluster import usage
from measure.cluster.cluster import DATA_PLANES, Cluster, strided
from measure.cluster.instances import Instances
from measure.cluster.kept import Kept
from measure.figures import Spread, Table

_PLANE = 1
_ROUTES = 100
_SETTLE_SECONDS = 5
_EDITS = 20
_WAIT_MS = 3_000


def reports(cluster: Cluster, seconds: float) -> Table:
    """Bytes that a data plane sends over its lines, at rest and with traffic on some routes."""
    table = Table("Reports of a data plane", f"Bytes on its line to one of the control planes, over {seconds:g} s, frames included. With traffic: {_ROUTES} of {cluster.upstreams:,} routes are asked in turn over "
                  f"one connection, so that each of their {_ROUTES * cluster.nodes:,} nodes gets some.", ("what", "requests/s", "bytes/s", "CPU, % of a core"))
    client = Kept(cluster.traffic_port(1))
    paths = [f"/r{i}/x" for i in strided(_ROUTES, cluster.upstreams)]

    def ask(until: float) -> int:
        count = 0
        while time.monotonic() < until:
            client.get(paths[count % len(paths)])
            count += 1
        return count

    def rest(until: float) -> int:
        time.sleep(until - time.monotonic())
        return 0

    try:
        _report(table, cluster, "at rest", rest, seconds)
        ask(time.monotonic() + _SETTLE_SECONDS)
        _report(table, cluster, f"traffic on {_ROUTES} routes", ask, seconds)
    finally:
        client.close()
    return table


def fleet(cluster: Cluster, count: int, seconds: float) -> Table:
    """A control plane with `count` instances more, which do nothing but report."""
    table = Table("A control plane of many instances", f"Control plane {_PLANE}, with {count:,} instances beside the {DATA_PLANES} gateways: lines that say what a data plane says, once a second, {seconds:g} s each. "
                  f"*With traffic*: every other report has rates of 10 routes and 100 nodes.", ("instances", "reports/s", "CPU, % of a core", "CPU µs/report", "resident, MB"))
    pid = cluster.pid(f"control-plane-{_PLANE}")
    rest = _load(cluster, pid, lambda: time.sleep(seconds))
    table.add(f"{DATA_PLANES}", f"{DATA_PLANES}", f"{rest * 100:.1f}", "", f"{machine.resident_mb(pid):.0f}")
    began = time.monotonic()
    with Instances(cluster, _PLANE, count) as instances:
        opened = time.monotonic() - began
        _settle(cluster)
        recorded = time.monotonic() - began - opened
        for name, traffic in (("at rest", False), ("with traffic", True)):
            sent = 0

            def run() -> None:
                nonlocal sent
                sent = instances.report_for(seconds, traffic)

            used = _load(cluster, pid, run)
            table.add(f"{DATA_PLANES} + {count:,}, {name}", f"{sent / seconds:,.0f}", f"{used * 100:.1f}", f"{(used - rest) * seconds / sent * 1e6:.0f}", f"{machine.resident_mb(pid):.0f}")
        table.note += f" {count:,} lines were opened in {opened:.1f} s, one after another; the control plane then wrote their records to etcd for {recorded:.1f} s."
        table.note += " " + _waits(cluster, pid, instances)
    return table


def _waits(cluster: Cluster, pid: int, instances: Instances) -> str:
    """What a write with ?wait= takes when all of them report its revision at once, and how much of that is the waiting."""
    found: dict[bool, tuple[list[float], float]] = {}
    for waits in (True, False):
        times: list[float] = []
        before = machine.cpu_time(pid).total
        for i in strided(_EDITS, cluster.upstreams):
            times.append(_burst(cluster, instances, i, waits))
        found[waits] = times, (machine.cpu_time(pid).total - before) / _EDITS * 1000
    with_wait, without = (Spread.of(found[waits][0]).show() for waits in (True, False))
    return (f"{_EDITS} edits, each followed at once by a report of its revision from every instance: answered in {with_wait} ms with `?wait=`, {without} ms without; "
            f"{found[True][1]:.0f} and {found[False][1]:.0f} ms of the control plane's CPU an edit, the reports included.")


def _burst(cluster: Cluster, instances: Instances, i: int, waits: bool) -> float:
    value, _ = cluster.next_version(i)
    admin = cluster.admin(_PLANE)
    revision = cluster.etcd_revision() + 1
    began = time.perf_counter()
    admin.send("PUT", f"/apisix/admin/upstreams/u{i}" + (f"?wait={_WAIT_MS}" if waits else ""), value)
    instances.report_all(revision)
    status, answer = admin.receive()
    took = (time.perf_counter() - began) * 1000
    if status != 200:
        raise RuntimeError(f"the edit of u{i} was answered {status}: {answer.get('convergence', answer).get('text')}")
    cluster.wait_converged()  # of those without wait the reports may still be read
    return took


def _load(cluster: Cluster, pid: int, run: Callable[[], None]) -> float:
    """CPU seconds a second."""
    before, began = machine.cpu_time(pid).total, time.monotonic()
    run()
    return (machine.cpu_time(pid).total - before) / (time.monotonic() - began)


def _settle(cluster: Cluster) -> None:
    """Until nobody has written to etcd for a second."""
    before = -1
    while (now := cluster.etcd_revision()) != before:
        before = now
        time.sleep(1)


def _report(table: Table, cluster: Cluster, what: str, run: Callable[[float], int], seconds: float) -> None:
    pid, port = cluster.pid("data-plane-1"), cluster.admin_port(_PLANE)
    before, cpu, began = usage.sockets(pid, range(port, port + 1)), machine.cpu_time(pid).total, time.monotonic()
    count = run(began + seconds)
    after, took = usage.sockets(pid, range(port, port + 1)), time.monotonic() - began
    table.add(what, f"{count / took:,.0f}", f"{(after.sent - before.sent) / took:,.0f}", f"{(machine.cpu_time(pid).total - cpu) / took * 100:.1f}")

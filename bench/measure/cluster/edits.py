"""Edits of upstreams: how long until the last gateway serves them, what ?wait= adds, and what they cost each process."""

import json
import select
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from measure.cluster import usage
from measure.cluster.cluster import CONTROL_PLANES, DATA_PLANES, Admin, Cluster, strided
from measure.cluster.kept import Kept
from measure.figures import Table

_LIVE_SECONDS = 30
_WAIT_MS = 20_000
_GAP_SECONDS = 0.03
"""Before an edit: instances tell of revisions 20 ms apart at least, and ?wait= would show that pause."""
_COST_EDITS = 300
_SETTLE_SECONDS = 10


class _Edit(NamedTuple):
    """Milliseconds."""

    answer: float
    """From the request of the write to its answer."""
    live: list[float]
    """From the answer to the first request that each gateway answered as the new version does."""
    was_old: int
    """Gateways whose first request after the answer still had the old version."""


def edits(cluster: Cluster, count: int, pause_ms: float) -> Table:
    """`count` edits without ?wait= and as many with it, in turn."""
    watchers = [Kept(cluster.traffic_port(n)) for n in range(1, DATA_PLANES + 1)]
    admins = [cluster.admin(plane) for plane in range(1, CONTROL_PLANES + 1)]
    found: dict[bool, list[_Edit]] = {False: [], True: []}
    try:
        for turn, i in enumerate(strided(2 * count, cluster.upstreams)):
            time.sleep(_GAP_SECONDS)
            waits = turn % 2 == 1
            found[waits].append(_edit(cluster, admins[turn // 2 % len(admins)], i, waits, watchers, pause_ms / 1000))
    finally:
        for watcher in watchers:
            watcher.close()
    table = Table("Edits", f"{count:,} edits of one upstream each without and {count:,} with `?wait=`, in turn, {_GAP_SECONDS * 1000:.0f} ms apart, over both control planes; {cluster.upstreams:,} upstreams of {cluster.nodes} nodes, a route each. "
                  f"Milliseconds. All four gateways are asked for the route from the answer of the write on, each {pause_ms:g} ms after it has answered; a gateway's time is when its first new answer was there, "
                  "so the request itself is in it. *Old*: gateways whose first answer was still that of the version before.",
                  ("what", "p50", "p90", "p99", "largest", "old"))
    for waits, name in ((False, "without wait"), (True, "with wait")):
        of = found[waits]
        old = f"{sum(edit.was_old for edit in of):,} of {DATA_PLANES * len(of):,}"
        table.add(f"{name}: request to answer", *_percentiles([edit.answer for edit in of]), "")
        table.add(f"{name}: answer to first gateway", *_percentiles([min(edit.live) for edit in of]), "")
        table.add(f"{name}: answer to last gateway", *_percentiles([max(edit.live) for edit in of]), old)
        table.add(f"{name}: request to last gateway", *_percentiles([edit.answer + max(edit.live) for edit in of]), "")
    return table


def cost(cluster: Cluster, idle_seconds: float) -> Table:
    """CPU of an edit, and bytes to a data plane and in etcd's database: without anybody asking."""
    time.sleep(_SETTLE_SECONDS)  # the JIT and the files of the last good configuration come to rest
    idle_from, began = usage.cpu(cluster), time.monotonic()
    time.sleep(idle_seconds)
    idle = {name: each / (time.monotonic() - began) for name, each in usage.used(idle_from, usage.cpu(cluster)).items()}
    pid, ports = cluster.pid("data-plane-1"), usage.etcd_ports(cluster)
    before, received, written = usage.cpu(cluster), usage.sockets(pid, ports).received, _database(cluster)
    began = time.monotonic()
    admins = [cluster.admin(plane) for plane in range(1, CONTROL_PLANES + 1)]
    for turn, i in enumerate(strided(_COST_EDITS, cluster.upstreams)):
        put(cluster, admins[turn % len(admins)], i, waits=True)
    seconds = time.monotonic() - began
    spent = usage.used(before, usage.cpu(cluster))
    table = Table("What an edit costs", f"{_COST_EDITS} edits with `?wait=` one after another in {seconds:.1f} s, nobody asking for routes; CPU without what the process uses idle anyway (measured over {idle_seconds:g} s). "
                  f"An edit is {_size(cluster):,} bytes of JSON. A data plane receives {(usage.sockets(pid, ports).received - received) / _COST_EDITS:,.0f} bytes from etcd for one; "
                  f"etcd's database in use grows by {(_database(cluster) - written) / _COST_EDITS:,.0f} bytes, old versions included.",
                  ("process", "CPU ms/edit", "idle, % of a core"))
    for name in cluster.names:
        table.add(name, f"{(spent[name] - idle[name] * seconds) / _COST_EDITS * 1000:.2f}", f"{idle[name] * 100:.2f}")
    return table


def _edit(cluster: Cluster, admin: Admin, i: int, waits: bool, watchers: Sequence[Kept], pause: float) -> _Edit:
    path = f"/r{i}/x"
    began, answered, expected = put(cluster, admin, i, waits)
    waiting = {watcher.socket: watcher for watcher in watchers}
    due: list[tuple[float, Kept]] = []
    live: dict[Kept, float] = {}
    was_old = 0
    asked: set[Kept] = set()
    for watcher in watchers:
        watcher.ask(path)
    while len(live) < len(watchers):
        now = time.perf_counter()
        if now - answered > _LIVE_SECONDS:
            raise RuntimeError(f"upstream u{i} is not live on every gateway {_LIVE_SECONDS} s after the answer")
        for at, watcher in [each for each in due if each[0] <= now]:
            due.remove((at, watcher))
            watcher.ask(path)
        timeout = min((at for at, _ in due), default=now + 1) - now
        for readable in select.select([s for s, watcher in waiting.items() if watcher not in live], [], [], timeout)[0]:
            watcher = waiting[readable]
            body = watcher.take()
            if body is None:
                continue
            now = time.perf_counter()
            if body == expected:
                live[watcher] = (now - answered) * 1000
            else:
                was_old += watcher not in asked
                due.append((now + pause, watcher))
            asked.add(watcher)
    return _Edit((answered - began) * 1000, list(live.values()), was_old)


def put(cluster: Cluster, admin: Admin, i: int, waits: bool) -> tuple[float, float, bytes]:
    """Edits upstream i: when the write began, when it was answered, and what the route's nodes answer from now on."""
    value, expected = cluster.next_version(i)
    began = time.perf_counter()
    status, answer = admin.request("PUT", f"/apisix/admin/upstreams/u{i}" + (f"?wait={_WAIT_MS}" if waits else ""), value)
    answered = time.perf_counter()
    if status != 200:
        raise RuntimeError(f"the edit of u{i} was answered {status}: {answer}")
    return began, answered, expected


def _database(cluster: Cluster) -> float:
    return usage.etcd_metrics(cluster, 1, "etcd_mvcc_db_total_size_in_use_in_bytes")[0]


def _size(cluster: Cluster) -> int:
    return len(json.dumps(cluster.upstream(0, 0)))


def _percentiles(values: list[float]) -> tuple[str, str, str, str]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:.1f}", f"{cuts[89]:.1f}", f"{cuts[98]:.1f}", f"{max(values):.1f}"


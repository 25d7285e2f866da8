"""Cold starts of data planes: from spawn to ready, and to the first request that is answered by a node."""

import http.client
import shutil
import time
from typing import NamedTuple

from measure.cluster import usage
from measure.cluster.cluster import DATA_PLANES, Cluster
from measure.figures import Spread, Table

_MAX_SECONDS = 120
_LOOK_SECONDS = 0.005


class _Started(NamedTuple):
    ready: float
    served: float


def starts(cluster: Cluster, runs: int) -> Table:
    table = Table("Cold start of a data plane", f"Seconds from spawn, with {cluster.upstreams:,} upstreams of {cluster.nodes} nodes and as many routes in etcd; median of {runs} runs. *Ready*: `/status/ready` answers 200. "
                  "*Serves*: the last route, asked every 5 ms, answers 200 for the first time. *CPU*: of the process by then. *Read*: bytes of etcd's answers. "
                  "*etcd's CPU*: of all its members together, for each data plane.",
                  ("what", "ready", "serves", "CPU", "read, MB", "etcd's CPU"))
    _row(table, cluster, "one, its data folder kept", [DATA_PLANES], runs, keep=True)
    _row(table, cluster, "one, on a new machine", [DATA_PLANES], runs, keep=False)
    _row(table, cluster, "all four at once (the last of them)", list(range(1, DATA_PLANES + 1)), runs, keep=True)
    cluster.wait_converged()
    return table


def _row(table: Table, cluster: Cluster, what: str, planes: list[int], runs: int, keep: bool) -> None:
    found: list[_Started] = []
    cpu: list[float] = []
    read: list[float] = []
    etcd: list[float] = []
    for _ in range(runs):
        for n in planes:
            cluster.stop_data_plane(n)
            if not keep:
                shutil.rmtree(cluster.folder / f"data-plane-{n}/data", ignore_errors=True)
        before = _etcd_cpu(cluster)
        found.append(_start(cluster, planes))
        etcd.append((_etcd_cpu(cluster) - before) / len(planes))
        cpu.append(usage.cpu(cluster)[f"data-plane-{planes[-1]}"])
        read.append(usage.sockets(cluster.pid(f"data-plane-{planes[-1]}"), usage.etcd_ports(cluster)).received / 1e6)
    table.add(what, Spread.of(each.ready for each in found).show(2), Spread.of(each.served for each in found).show(2), Spread.of(cpu).show(2), Spread.of(read).show(), Spread.of(etcd).show(2))


def _etcd_cpu(cluster: Cluster) -> float:
    return sum(used for name, used in usage.cpu(cluster).items() if name.startswith("etcd-"))


def _start(cluster: Cluster, planes: list[int]) -> _Started:
    begin = time.monotonic()
    for n in planes:
        cluster.start_data_plane(n)
    todo = {(kind, n) for kind in ("ready", "served") for n in planes}
    at: dict[str, float] = {}
    while todo:
        for kind, n in sorted(todo):
            port, path = (cluster.status_port(n), "/status/ready") if kind == "ready" else (cluster.traffic_port(n), f"/r{cluster.upstreams - 1}/x")
            if _answers(port, path):
                at[kind] = time.monotonic() - begin
                todo.remove((kind, n))
        if time.monotonic() - begin > _MAX_SECONDS:
            raise RuntimeError(f"not started within {_MAX_SECONDS} s: {sorted(todo)}")
        time.sleep(_LOOK_SECONDS)
    return _Started(at["ready"], at["served"])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""What the processes of a cluster use: CPU time, memory, bytes on their connections."""

import re
import subprocess
import urllib.request
from typing import NamedTuple

from measure import machine
from measure.cluster.cluster import MEMBERS, Cluster


class Bytes(NamedTuple):
    """Bytes of payload that a process has sent to and received from a port of this machine, over the connections that are open now."""

    sent: int
    received: int


def cpu(cluster: Cluster) -> dict[str, float]:
    """CPU seconds of each process since its start."""
    return {name: machine.cpu_time(cluster.pid(name)).total for name in cluster.names}


def used(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in before}


def resident(cluster: Cluster) -> dict[str, float]:
    """MB (10^6 bytes)."""
    return {name: machine.resident_mb(cluster.pid(name)) for name in cluster.names}


def sockets(pid: int, ports: range) -> Bytes:
    """Over the connections of the process to the ports."""
    shown = subprocess.run(["ss", "-HtinpO", "state", "established"], capture_output=True, text=True, check=True).stdout
    sent = received = 0
    for line in shown.splitlines():
        if f"pid={pid}," not in line or int(line.split()[3].rsplit(":", 1)[1]) not in ports:
            continue
        sent += _field(line, "bytes_sent") - _field(line, "bytes_retrans")
        received += _field(line, "bytes_received")
    return Bytes(sent, received)


def etcd_ports(cluster: Cluster) -> range:
    return range(cluster.etcd_port(1), cluster.etcd_port(MEMBERS) + 1)


def etcd_metrics(cluster: Cluster, member: int, *names: str) -> list[float]:
    """Sums of the samples of some metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{cluster.etcd_port(member)}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return [sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + " ", name + "{"))) for name in names]


def _field(line: str, name: str) -> int:
    found = re.search(rf"\b{name}:(\d+)", line)
    return int(found.group(1)) if found else 0

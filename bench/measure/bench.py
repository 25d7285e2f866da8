"""A session of measurements: which servers, how many rounds, and the interleaving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from measure import load
from measure.fleet import Fleet
from measure.proxies import Proxy

T = TypeVar("T")

PEERS = ("nginx", "haproxy")
JUDGED = "headgate"
"""The server that the targets are for."""


@dataclass
class Bench:
    fleet: Fleet
    servers: Sequence[str]
    rounds: int
    seconds: int
    warm_up: int
    """Seconds of load before a Headgate process is measured: the JIT compiles in the background, on the same core, and needs them to come to rest."""
    others: list[float] = field(default_factory=list)
    """Share of the machine that others used, run by run."""
    failed: dict[str, int] = field(default_factory=dict)
    """Requests that failed, by server."""

    def without(self, *names: str) -> list[str]:
        return [name for name in self.servers if name not in names]

    def gateways(self) -> list[str]:
        return [name for name in self.servers if name.startswith("headgate")]

    def warm(self, proxy: Proxy, under: load.Load, kind: str) -> None:
        """`kind`: what the load is like. A kind that is new to the process needs the whole warm-up, one that is not a fifth."""
        seconds = 1
        if proxy.name.startswith("headgate"):
            seconds = 1 + self.warm_up // 5 if kind in proxy.warmed_by else self.warm_up
        under(proxy, seconds)
        proxy.warmed_by.add(kind)

    def cpu(self, sides: Mapping[str, tuple[Proxy, load.Load]], kind: str = "clear") -> dict[str, list[load.Run]]:
        """Runs of each side, interleaved, after a warm-up of each."""
        for proxy, under in sides.values():
            self.warm(proxy, under, kind)
        runs = self.interleave({name: partial(load.observe, proxy, under, self.seconds) for name, (proxy, under) in sides.items()})
        for name, (proxy, _) in sides.items():
            self.others += [run.others for run in runs[name]]
            self.count_failed(proxy.name, sum(run.failed for run in runs[name]))
        return runs

    def count_failed(self, server: str, count: int) -> None:
        self.failed[server] = self.failed.get(server, 0) + count

    def interleave(self, sides: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
        """Every side once a round, every other round backwards."""
        found: dict[str, list[T]] = {name: [] for name in sides}
        for round_ in range(self.rounds):
            for name in list(sides) if round_ % 2 == 0 else reversed(list(sides)):
                found[name].append(sides[name]())
        return found

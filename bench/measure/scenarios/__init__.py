"""
What is measured: a file for each kind, in the order in which they run. Proxies with one route are shared by all but `probes` and `memory`, which come last
because they want the machine, and every process, for itself.
"""

from collections.abc import Callable

from measure.bench import Bench
from measure.figures import Table
from measure.scenarios import allocation, cpu, latency, memory, plugins, probes, scale, workers

Scenario = Callable[[Bench], Table]

ALL: dict[str, Scenario] = {
    "plain": cpu.plain,
    "tls": cpu.tls,
    "handshake": cpu.handshake,
    "latency": latency.latency,
    "workers": workers.workers,
    "allocation": allocation.allocation,
    "scale": scale.scale,
    "plugins": plugins.plugins,
    "probes": probes.probes,
    "memory": memory.memory,
}

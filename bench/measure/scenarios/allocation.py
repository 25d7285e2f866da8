"""Bytes that Headgate allocates on the managed heap for a request."""

import threading
import time
from functools import partial

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.headgate import Headgate

_ALLOCATED = "dotnet_gc_heap_total_allocated_bytes_total"
_REQUESTS = "headgate_http_requests_total"
_CONNECT_SECONDS = 1
"""What wrk gets to open its connections: they allocate, and are not what is asked for."""
_SECONDS = 8
"""Enough for well over 100,000 requests."""


def allocation(bench: Bench) -> Table:
    table = Table("Bytes allocated per request",
                  "1 KiB, 32 kept connections, paths, queries and header fields that vary; from the process's own counters, in the middle of a run.",
                  ("server", "bytes/request", "requests in a round", "target"))
    runs = bench.interleave({name: partial(_measure, bench, name) for name in bench.gateways()})
    for name, found in runs.items():
        allocated = Spread.of(bytes_ for bytes_, _ in found)
        judged = table.judge(Verdict("bytes allocated per request", allocated.median, 1.0, "bytes")) if name == JUDGED else ""
        table.add(name, allocated.show(3), f"{Spread.of(requests for _, requests in found).median:,.0f}", judged)
    return table


def _measure(bench: Bench, name: str) -> tuple[float, float]:
    """Bytes a request, and the requests they were measured over."""
    proxy = bench.fleet.get(name)
    assert isinstance(proxy, Headgate)
    under = load.varied(32)
    bench.warm(proxy, under, "varied")
    generator = threading.Thread(target=under, args=(proxy, _CONNECT_SECONDS + _SECONDS + 1))
    generator.start()
    time.sleep(_CONNECT_SECONDS)
    # Reading the counters allocates, too: reading them twice in a row shows how much, and the time before makes the reading itself warm.
    proxy.metrics(_ALLOCATED, _REQUESTS)
    (first, _), (before, begun) = (proxy.metrics(_ALLOCATED, _REQUESTS) for _ in range(2))
    time.sleep(_SECONDS)
    after, ended = proxy.metrics(_ALLOCATED, _REQUESTS)
    generator.join()
    reading, requests = before - first, ended - begun
    return (after - before - reading) / requests, requests

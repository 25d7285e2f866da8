"""Bytes that Headgate allocates on the managed heap for a request."""

import threading
from functools import partial

from measure import load
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.headgate import Headgate

_ALLOCATED = "dotnet_gc_heap_total_allocated_bytes_total"
_REQUESTS = "headgate_http_requests_total"
_CONNECTED = 1.0
"""Seconds that wrk gets to open its connections: they allocate, and are not what is asked for."""


def allocation(bench: Bench) -> Table:
    table = Table("Bytes allocated per request", "1 KiB, 32 kept connections, paths, queries and header fields that vary; from the process's own counters, in the middle of a run.",
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
    bench.warm(proxy, under)
    seconds = 2 * bench.seconds
    generator = threading.Thread(target=under, args=(proxy, seconds + 2))
    generator.start()
    threading.Event().wait(_CONNECTED)
    # Reading the counters allocates, too: twice in a row shows how much.
    first, before, begun = proxy.metric(_ALLOCATED), proxy.metric(_ALLOCATED), proxy.metric(_REQUESTS)
    threading.Event().wait(seconds)
    requests, after = proxy.metric(_REQUESTS) - begun, proxy.metric(_ALLOCATED)
    generator.join()
    # Between `before` and `after` the page was read three times: for `before` itself, and twice for the requests.
    return (after - before - 3 * (before - first)) / requests, requests

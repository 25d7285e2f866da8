"""What an edit costs etcd when many follow the configuration: streams that do nothing but watch, all at one member."""

import base64
import json
import select
import socket
import statistics
import time

from measure import machine
from measure.cluster import usage
from measure.cluster.cluster import Cluster, strided
from measure.cluster.edits import put
from measure.figures import Table

_MEMBER = 1
_EDITS = 50
_SEEN_SECONDS = 30


def watchers(cluster: Cluster, count: int) -> Table:
    table = Table("etcd with many watchers", f"Watches of the configuration beside those of the gateways and control planes, all at member {_MEMBER} (where clients begin), over the JSON gateway as gateways do it; "
                  f"{_EDITS} edits one after another, the next when every stream has the last. *Last*: from the answer of the write to the last stream's event, p50 and largest; the reader is one process of Python.",
                  ("watches", "CPU of the member, ms/edit", "last, ms", "resident, MB", "bytes/edit and watch"))
    for n in (0, count // 4, count):
        _row(table, cluster, n)
    return table


def _row(table: Table, cluster: Cluster, count: int) -> None:
    pid = cluster.pid(f"etcd-{_MEMBER}")
    streams = [_Stream(cluster.etcd_port(_MEMBER)) for _ in range(count)]
    poll = select.epoll()
    try:
        by_number = {stream.socket.fileno(): stream for stream in streams}
        for number in by_number:
            poll.register(number, select.EPOLLIN)
        _until(poll, by_number, b'"created"')
        times: list[float] = []
        received = sum(stream.received for stream in streams)
        before = usage.cpu(cluster)[f"etcd-{_MEMBER}"]
        admin = cluster.admin()
        for i in strided(_EDITS, cluster.upstreams):
            answered = put(cluster, admin, i, waits=False)[1]
            _until(poll, by_number, b'"events"')
            times.append((time.perf_counter() - answered) * 1000)
        cpu = usage.cpu(cluster)[f"etcd-{_MEMBER}"] - before
        each = (sum(stream.received for stream in streams) - received) / _EDITS / count if count else 0
        table.add(f"{count:,}", f"{cpu / _EDITS * 1000:.1f}", f"{statistics.median(times):.0f}, {max(times):.0f}" if count else "", f"{machine.resident_mb(pid):.0f}", f"{each:,.0f}" if count else "")
    finally:
        poll.close()
        for stream in streams:
            stream.socket.close()


def _until(poll: select.epoll, streams: "dict[int, _Stream]", word: bytes) -> None:
    """Until each stream has had one message more with the word."""
    missing = set(streams)
    deadline = time.monotonic() + _SEEN_SECONDS
    while missing:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(missing)} of {len(streams)} watches saw nothing within {_SEEN_SECONDS} s")
        for number, _ in poll.poll(1):
            if streams[number].take(word):
                missing.discard(number)


class _Stream:
    def __init__(self, port: int) -> None:
        key, end = (base64.b64encode(text).decode() for text in (b"/apisix/", b"/apisix0"))
        body = json.dumps({"create_request": {"key": key, "range_end": end}}).encode()
        self.received = 0
        self._tail = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.sendall(b"POST /v3/watch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def take(self, word: bytes) -> bool:
        """Reads what is there; whether the word is in it."""
        read = self.socket.recv(65536)
        if not read:
            raise RuntimeError("etcd has ended a watch")
        self.received += len(read)
        found = word in self._tail + read
        self._tail = b"" if found else read[1 - len(word):]
        return found

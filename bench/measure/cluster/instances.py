"""Instances that are nothing but lines: they say what data planes say, to one control plane."""

import contextlib
import json
import socket
import struct
import time
from types import TracebackType
from typing import Self

from measure.cluster.cluster import Cluster

_STEPS = 20


class Instances:
    """So many lines, open from entry to exit. Nothing is sent between calls, and a control plane drops who is silent for 15 s."""

    def __init__(self, cluster: Cluster, plane: int, count: int) -> None:
        self._address = ("127.0.0.1", cluster.admin_port(plane))
        self._count = count
        self._token = cluster.instance_token()
        self._lines: list[socket.socket] = []
        self._digest = cluster.admin(plane).request("GET", "/api/gateway_groups/default/instances/gw-1")[1]["value"]["digest"]
        self._revision = cluster.etcd_revision()

    def __enter__(self) -> Self:
        try:
            for n in range(self._count):
                self._lines.append(self._open(n))
            for line in self._lines:
                line.sendall(self._report(full=True))
            return self
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def report_for(self, seconds: float, traffic: bool) -> int:
        """Each reports once a second, evenly spread; returns how many reports that were. `traffic`: every other has rates."""
        plain, with_rates = self._report(), self._report(traffic=True)
        sent, began = 0, time.monotonic()
        for step in range(int(seconds * _STEPS)):
            frame = with_rates if traffic and step // _STEPS % 2 else plain
            for line in self._lines[step % _STEPS::_STEPS]:
                line.sendall(frame)
                sent += 1
            time.sleep(max(0.0, began + (step + 1) / _STEPS - time.monotonic()))
        return sent

    def report_all(self, revision: int) -> None:
        """Each runs this revision now."""
        self._revision = revision
        frame = self._report()
        for line in self._lines:
            line.sendall(frame)

    def close(self) -> None:
        """With the goodbye of an instance that stops: one that is only lost would be waited for."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.sendall(_frame({"goodbye": True}))
            line.close()

    def _open(self, n: int) -> socket.socket:
        line = socket.create_connection(self._address, timeout=20)
        line.sendall((f"GET /api/line HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer {self._token}\r\n\r\n").encode())
        self._until(line, b"\r\n\r\n", "101")
        identity = {"id": f"line-{n}", "group": "default", "hostname": f"gw-{n}.internal", "version": "0.1.0", "addresses": ["http://10.0.0.7:9080", "https://10.0.0.7:9443"], "cores": 8,
                    "start_time": "2026-01-01T00:00:00+00:00"}
        line.sendall(_frame({"hello": {"protocol": 1, "instance": identity}}))
        self._until(line, b"welcome", "welcome")
        return line

    @staticmethod
    def _until(line: socket.socket, end: bytes, expected: str) -> None:
        received = b""
        while end not in received:
            more = line.recv(4096)
            if not more:
                raise RuntimeError(f"no line: {received!r}")
            received += more
        if expected.encode() not in received:
            raise RuntimeError(f"no line: {received!r}")

    def _report(self, full: bool = False, traffic: bool = False) -> bytes:
        report: dict[str, object] = {"running": {"revision": self._revision, "digest": self._digest, "rejected": [], "rejected_count": 0}, "is_full": full, "nodes": []}
        if traffic:
            nodes = [{"owner": f"/apisix/upstreams/u{n // 10}", "node": f"127.1.1.{n}:9080", "requests": 12.345678901234, "failures": 0} for n in range(100)]
            report["traffic"] = {"routes": {f"r{n}": 123.45678901234 for n in range(10)}, "nodes": nodes}
        return _frame({"report": report})


def _frame(message: object) -> bytes:
    """RFC 6455 §5.2: a text frame of a client, masked with a key of zeros."""
    payload = json.dumps(message, separators=(",", ":")).encode()
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else struct.pack("!BH", 0x80 | 126, len(payload))
    return b"\x81" + length + bytes(4) + payload

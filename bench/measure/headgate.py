"""Headgate as it is built in this tree, configured by its Admin API like any user's."""

import http.client
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure import machine
from measure.origin import Origin
from measure.proxies import Proxy, Setup
from measure.tls import TlsFiles

_EXECUTABLE = machine.ROOT / "artifacts/bin/Headgate/release/headgate"
_KEY = "bench-key-0123456789abcdef"
_WRITERS = 8
_CONFIG = """
apisix:
  node_listen: [{{ip: 127.0.0.1, port: {port}}}]
  ssl: {{listen: [{{ip: 127.0.0.1, port: {tls_port}}}]}}
  control: {{ip: 127.0.0.1, port: 0}}
  status: {{ip: 127.0.0.1, port: 0}}
deployment:
  admin:
    admin_listen: {{ip: 127.0.0.1, port: {admin}}}
    admin_key: [{{name: bench, key: {key}, role: admin}}]
plugin_attr:
  prometheus: {{export_addr: {{ip: 127.0.0.1, port: {metrics}}}}}
headgate:
  data: {folder}/data
  tls: {{cert: {certificate}, key: {private_key}}}
  limits: {{idle_timeout: 10m}}
"""


class Headgate(Proxy):
    """On the transport that is the default, or on a named one. One core gives it one loop: it makes a loop for each core it may use."""

    def __init__(self, name: str, origin: Origin, tls: TlsFiles, folder: Path, setup: Setup, transport: str | None = None) -> None:
        self._transport = transport
        self._admin, self._metrics = machine.free_port(), machine.free_port()
        super().__init__(name, origin, tls, folder, setup)

    def configure(self) -> None:
        self._wait_for_admin()
        nodes = [{"host": "127.0.0.1", "port": port, "weight": 1} for port in self.origin.ports]
        keep = {"size": self.setup.keepalive, "idle_timeout": 60, "requests": 1_000_000_000}
        routes = range(self.setup.routes)
        # Upstreams first: a route may only name one that is there.
        self.put_all((f"/upstreams/u{i}", {"type": "roundrobin", "nodes": nodes, "keepalive_pool": keep}) for i in routes)
        self.put_all((f"/routes/r{i}", {"uri": f"/r{i}/*", "upstream_id": f"u{i}"}) for i in routes)

    def metrics(self, *names: str) -> list[float]:
        """Sums of the samples of some metrics, from one reading of the page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._metrics}/apisix/prometheus/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return [sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + " ", name + "{"))) for name in names]

    def _launch(self) -> subprocess.Popen[bytes]:
        config = self.folder / "config.yaml"
        config.write_text(_CONFIG.format(port=self.port, tls_port=self.tls_port, admin=self._admin, metrics=self._metrics, key=_KEY, folder=self.folder,
                                         certificate=self.tls.certificate, private_key=self.tls.key))
        environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("HEADGATE_")}
        if self._transport:
            environment["HEADGATE_HEADGATE__TRANSPORT"] = self._transport
        if self.setup.perf_map:
            # Without the second, compiled code lies in a mapping that perf takes for a file, and then looks for no map.
            environment |= {"DOTNET_PerfMapEnabled": "1", "DOTNET_EnableWriteXorExecute": "0"}
        return self._start(str(_EXECUTABLE), "run", "--config", str(config), env=environment)

    def _wait_for_admin(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._admin), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(f"{self.name} does not start: {(self.folder / 'output.log').read_text()}") from None
                time.sleep(0.05)

    def put_all(self, objects: Iterable[tuple[str, dict[str, object]]]) -> None:
        """Objects of the Admin API, by path below its prefix. Several at a time: each write waits for the disk."""
        todo = list(objects)
        with ThreadPoolExecutor(_WRITERS) as pool:
            for _ in pool.map(self._put_some, [todo[i::_WRITERS] for i in range(_WRITERS)]):
                pass

    def _put_some(self, objects: list[tuple[str, dict[str, object]]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._admin, timeout=30)
        for path, value in objects:
            connection.request("PUT", "/apisix/admin" + path, json.dumps(value), {"X-API-KEY": _KEY, "Content-Type": "application/json"})
            answer = connection.getresponse()
            body = answer.read().decode()
            if answer.status not in (200, 201):
                raise RuntimeError(f"PUT {path}: {answer.status} {body}")
        connection.close()

"""The cluster that eng/cluster starts, with nodes behind it that say which version of an upstream leads to them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from measure import machine

DATA_PLANES = 4
CONTROL_PLANES = 2
MEMBERS = 3
_WRITERS = 16
_STOP_SECONDS = 60
_CONVERGED_SECONDS = 600
_SCRIPT = machine.ROOT / "eng/cluster"
_EXECUTABLE = machine.ROOT / "artifacts/bin/Headgate/release/headgate"

_NODES_CONFIG = """
daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error.log; worker_rlimit_nofile 19000;
events { worker_connections 18000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 60s;
  client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  allow 127.0.0.0/8; deny all;
  server { listen %(a)d backlog=8192; return 200 "a"; }
  server { listen %(b)d backlog=8192; return 200 "b"; }
}
"""


class Cluster:
    """Up from entry to exit; the data stays in the folder, and is used again."""

    def __init__(self, folder: Path, base: int, upstreams: int, nodes: int) -> None:
        self.folder, self.base, self.upstreams, self.nodes = folder.resolve(), base, upstreams, nodes
        self._versions: dict[int, int] = {}
        self._restarted: dict[int, subprocess.Popen[bytes]] = {}
        (folder / "nodes").mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # nginx's worker is another user when the script is root's
        # The same at every start: they are in the configuration.
        self._node_ports = (base + 9500, base + 9501)
        config = self.folder / "nodes/nginx.conf"
        config.write_text(_NODES_CONFIG % {"folder": config.parent, "a": self._node_ports[0], "b": self._node_ports[1]})

    def __enter__(self) -> Self:
        self._nginx = machine.start(["nginx", "-c", str(self.folder / "nodes/nginx.conf"), "-p", str(self.folder / "nodes")], machine.BOTH_CORES, self.folder / "nodes")
        try:
            self._run("up")
            for plane in (1, 2):
                wait_for(self.admin_port(plane), 60)
            return self
        except BaseException:
            self._down()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._down()

    @property
    def names(self) -> list[str]:
        """Of all processes."""
        return [f"{kind}-{n}" for kind, count in (("data-plane", DATA_PLANES), ("control-plane", CONTROL_PLANES), ("etcd", MEMBERS)) for n in range(1, count + 1)]

    def pid(self, name: str) -> int:
        return int((self.folder / f"{name}.pid").read_text())

    def traffic_port(self, gateway: int) -> int:
        return self.base + 9080 + gateway

    def status_port(self, gateway: int) -> int:
        return self.base + 7080 + gateway

    def etcd_port(self, member: int) -> int:
        return self.base + 2377 + 2 * member

    def admin_port(self, plane: int) -> int:
        return self.base + 9180 + plane

    def admin(self, plane: int = 1) -> "Admin":
        return Admin(self.admin_port(plane), (self.folder / "admin.key").read_text().strip())

    def etcd_revision(self) -> int:
        """The newest, of whatever."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.etcd_port(1)}/v3/kv/range", data=b'{"key":"AA=="}', timeout=10) as answer:
            return int(json.load(answer)["header"]["revision"])

    def instance_token(self) -> str:
        return (self.folder / "instance.token").read_text().strip()

    def load(self) -> float | None:
        """Writes upstreams and a route each, over both control planes; objects a second, or None when they are there already."""
        if self.admin().request("GET", f"/apisix/admin/routes/r{self.upstreams - 1}")[0] == 200:
            return None
        begin = time.monotonic()
        # Upstreams first: a route may only name one that is there.
        self._put_all((f"/apisix/admin/upstreams/u{i}", self.upstream(i, 0)) for i in range(self.upstreams))
        self._put_all((f"/apisix/admin/routes/r{i}", {"uri": f"/r{i}/*", "upstream_id": f"u{i}"}) for i in range(self.upstreams))
        seconds = time.monotonic() - begin
        self.wait_converged()
        return 2 * self.upstreams / seconds

    def upstream(self, i: int, version: int) -> dict[str, object]:
        """One that answers `a` in even versions and `b` in odd ones."""
        port = self._node_ports[version % 2]
        first = i * self.nodes
        addresses = [f"127.{1 + n // 62_500}.{n // 250 % 250}.{n % 250 + 1}" for n in range(first, first + self.nodes)]
        return {"type": "roundrobin", "nodes": {f"{address}:{port}": 1 for address in addresses}}

    def next_version(self, i: int) -> tuple[dict[str, object], bytes]:
        """Upstream i as it has not been, and what its nodes then answer."""
        version = self._versions.get(i)
        if version is None:
            body = self.admin().request("GET", f"/apisix/admin/upstreams/u{i}")[1]
            nodes = body["value"]["nodes"]
            version = 1 if str(self._node_ports[1]) in json.dumps(nodes) else 0
        self._versions[i] = version + 1
        return self.upstream(i, version + 1), b"ab"[(version + 1) % 2:][:1]

    def wait_converged(self) -> None:
        """Until every data plane runs what there is."""
        deadline = time.monotonic() + _CONVERGED_SECONDS
        admin = self.admin()
        while True:
            status, answer = admin.request("GET", "/api/gateway_groups/default/convergence")
            if status == 200 and answer["complete"] and answer["total"] >= DATA_PLANES:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"not converged: {answer.get('text', answer)}")
            time.sleep(0.2)

    def stop_data_plane(self, n: int) -> None:
        pid = self.pid(f"data-plane-{n}")
        os.kill(pid, signal.SIGTERM)
        child = self._restarted.pop(n, None)
        if child is not None:
            child.wait(_STOP_SECONDS)
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while Path(f"/proc/{pid}").exists():
            if time.monotonic() > deadline:
                raise RuntimeError(f"data plane {n} does not stop")
            time.sleep(0.02)

    def start_data_plane(self, n: int) -> None:
        """As eng/cluster does."""
        folder = self.folder / f"data-plane-{n}"
        child = self._restarted[n] = machine.start([str(_EXECUTABLE), "run", "--config", str(folder / "config.yaml")], machine.BOTH_CORES, folder)
        (self.folder / f"data-plane-{n}.pid").write_text(str(child.pid))

    def _put_all(self, objects: Iterable[tuple[str, dict[str, object]]]) -> None:
        todo = list(objects)

        def put_some(writer: int) -> None:
            admin = self.admin(1 + writer % CONTROL_PLANES)
            for path, value in todo[writer::_WRITERS]:
                status, answer = admin.request("PUT", path, value)
                if status not in (200, 201):
                    raise RuntimeError(f"PUT {path}: {status} {answer}")

        with ThreadPoolExecutor(_WRITERS) as pool:
            list(pool.map(put_some, range(_WRITERS)))

    def _run(self, command: str) -> None:
        subprocess.run([str(_SCRIPT), command, str(self.folder)], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "HEADGATE_CLUSTER_BASE": str(self.base)})

    def _down(self) -> None:
        for n in list(self._restarted):
            self.stop_data_plane(n)
        self._run("down")
        machine.stop(self._nginx)


class Admin:
    """One kept connection to an Admin API."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        self._headers = {"X-API-KEY": key, "Content-Type": "application/json"}

    def request(self, method: str, path: str, value: object = None) -> tuple[int, dict[str, Any]]:
        self.send(method, path, value)
        return self.receive()

    def send(self, method: str, path: str, value: object = None) -> None:
        self._connection.request(method, path, None if value is None else json.dumps(value), self._headers)

    def receive(self) -> tuple[int, dict[str, Any]]:
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else {}


def wait_for(port: int, seconds: float) -> None:
    """Until something listens."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"nothing listens at {port}") from None
            time.sleep(0.005)


def strided(count: int, of: int) -> Iterator[int]:
    """`count` numbers below `of`, spread over all of them, each once before any comes again."""
    step = next(step for step in range(7919 % of or 1, 2 * of) if _coprime(step, of))
    return (i * step % of for i in range(count))


def _coprime(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a == 1

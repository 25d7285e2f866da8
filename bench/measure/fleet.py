"""The origin and the proxies that are up."""

import contextlib
import functools
import http.client
import shutil
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from measure import machine
from measure.headgate import Headgate
from measure.origin import BODIES, Origin
from measure.proxies import Caddy, Haproxy, Nginx, Proxy, Relay, Setup
from measure.tls import CIPHER, TlsFiles

SERVERS: dict[str, Callable[[str, Origin, TlsFiles, Path, Setup], Proxy]] = {
    "nginx": Nginx,
    "haproxy": Haproxy,
    "caddy": Caddy,
    "relay": Relay,
    "headgate": Headgate,
    "headgate-kestrel": functools.partial(Headgate, transport="kestrel"),
}
_START_SECONDS = 60


class Fleet:
    """Starts proxies when they are first asked for, and keeps them until they are dismissed or the fleet is left."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="headgate-bench-"))
        self.folder.chmod(0o755)  # nginx's workers are another user when the script is root's
        self.tls = TlsFiles(self.folder)
        self.origin = Origin(self.folder / "origin")
        self.congestion_controls: dict[str, set[str]] = {}
        self._up: dict[tuple[str, Setup], Proxy] = {}
        self._started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.dismiss()
        machine.stop(self.origin.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, name: str, setup: Setup = Setup()) -> Proxy:
        """A proxy that is ready and has been checked to answer correctly."""
        key = (name, setup)
        if key not in self._up:
            self._started += 1
            proxy = SERVERS[name](name, self.origin, self.tls, self.folder / f"{self._started}-{name}", setup)
            self._up[key] = proxy
            proxy.configure()
            self._check(proxy)
        return self._up[key]

    def dismiss(self, setup: Setup | None = None) -> None:
        """Stops the proxies of a setup, or all."""
        for key in [key for key in self._up if setup in (None, key[1])]:
            machine.stop(self._up.pop(key).process)

    def _check(self, proxy: Proxy) -> None:
        """Bodies are right on the first and the last route, in clear text and over TLS, on one connection; TLS is as agreed."""
        context = ssl.create_default_context(cafile=self.tls.certificate)
        for port, tls in ((proxy.port, None), (proxy.tls_port, context))[:2 if proxy.does_tls else 1]:
            self._wait(proxy, port, tls)
            with _connection(port, tls) as connection:
                for route in (0, proxy.setup.routes - 1):
                    for body in BODIES:
                        self._expect(proxy, connection, f"/r{route}/{body}", BODIES[body])
                self.congestion_controls.setdefault(proxy.name, set()).update(machine.congestion_controls(proxy.pid))
        if not proxy.does_tls:
            return
        agreed = self.tls.negotiated(proxy.tls_port)
        if "TLSv1.3" not in agreed or CIPHER not in agreed:
            raise RuntimeError(f"{proxy.name}: TLS with {agreed} instead of TLSv1.3 with {CIPHER}")

    @staticmethod
    def _wait(proxy: Proxy, port: int, tls: ssl.SSLContext | None) -> None:
        """Until the last route is served: what is configured last."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException), _connection(port, tls) as connection:
                connection.request("GET", f"/r{proxy.setup.routes - 1}/1k")
                if connection.getresponse().status == 200:
                    return
            if time.monotonic() > deadline or proxy.process.poll() is not None:
                raise RuntimeError(f"{proxy.name} does not answer 200 within {_START_SECONDS} s: {(proxy.folder / 'output.log').read_text()}")
            time.sleep(0.05)

    @staticmethod
    def _expect(proxy: Proxy, connection: http.client.HTTPConnection, path: str, expected: bytes) -> None:
        connection.request("GET", path)
        answer = connection.getresponse()
        if answer.status != 200 or answer.read() != expected:
            raise RuntimeError(f"{proxy.name}: {path} answers {answer.status} with another body than the origin's")
        if connection.sock is None:
            raise RuntimeError(f"{proxy.name}: {path} did not keep the connection")


@contextlib.contextmanager
def _connection(port: int, tls: ssl.SSLContext | None) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=tls) if tls else http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()

"""The proxies that are compared, each configured to do the same job: forward to three nodes in turn, connections kept on both sides, no access log."""

import json
import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from measure import machine
from measure.origin import Origin
from measure.tls import TlsFiles


@dataclass(frozen=True)
class Setup:
    """What a proxy is started for. Route i matches /r{i}/ and has an upstream of its own; all upstreams have the same nodes."""

    routes: int = 1
    workers: int = 1
    """Worker processes, threads or loops. One is pinned to the first core; two have both cores, like the load then."""
    consumers: int = 0
    """Consumers that the gateway knows; those that are no gateway have none."""
    perf_map: bool = False
    """Whether the .NET runtime writes the names of the methods it compiled to /tmp/perf-PID.map."""

    @property
    def cores(self) -> str:
        return machine.PROXY_CORE if self.workers == 1 else machine.BOTH_CORES

    @property
    def load_cores(self) -> str:
        return machine.LOAD_CORE if self.workers == 1 else machine.BOTH_CORES

    @property
    def keepalive(self) -> int:
        """Idle connections that an upstream keeps. nginx sets memory aside for each, so less where there are thousands of upstreams."""
        return 320 if self.routes == 1 else 64


class Proxy(ABC):
    """A started proxy, listening in clear text and with TLS."""

    def __init__(self, name: str, origin: Origin, tls: TlsFiles, folder: Path, setup: Setup) -> None:
        self.name, self.origin, self.tls, self.folder, self.setup = name, origin, tls, folder, setup
        self.port, self.tls_port = machine.free_port(), machine.free_port()
        self.warmed_by: set[str] = set()
        """Kinds of load that the process has been under."""
        folder.mkdir(parents=True)
        self.process = self._launch()

    @property
    def pid(self) -> int:
        return self.process.pid

    def url(self, path: str, tls: bool = False) -> str:
        return f"https://127.0.0.1:{self.tls_port}{path}" if tls else f"http://127.0.0.1:{self.port}{path}"

    def configure(self) -> None:
        """What is left to do when the process runs: nothing for those that read all from a file."""

    @property
    def does_tls(self) -> bool:
        return True

    @abstractmethod
    def _launch(self) -> subprocess.Popen[bytes]:
        """Writes the configuration and starts the process."""

    def _start(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        return machine.start(command, self.setup.cores, self.folder, env)


class Nginx(Proxy):
    _CONFIG = """
daemon off; worker_processes %(workers)d; pid %(folder)s/pid; error_log %(folder)s/error.log crit; worker_rlimit_nofile %(descriptors)d;
events { worker_connections %(connections)d; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; proxy_buffers 8 32k; proxy_buffer_size 32k;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
  ssl_certificate %(certificate)s; ssl_certificate_key %(key)s; ssl_protocols TLSv1.3;
  client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  %(upstreams)s
  server {
    listen 127.0.0.1:%(port)d reuseport backlog=4096;
    listen 127.0.0.1:%(tls_port)d ssl reuseport backlog=4096;
    server_name localhost;
    %(locations)s
  }
}
"""

    def _launch(self) -> subprocess.Popen[bytes]:
        servers = " ".join(f"server 127.0.0.1:{port};" for port in self.origin.ports)
        routes = range(self.setup.routes)
        keep = f"keepalive {self.setup.keepalive}; keepalive_requests 1000000000;"
        config = self.folder / "nginx.conf"
        config.write_text(self._CONFIG % {
            "workers": self.setup.workers, "folder": self.folder, "descriptors": machine.descriptors_max(),
            "connections": machine.descriptors_max() - 1000, "certificate": self.tls.certificate, "key": self.tls.key,
            "port": self.port, "tls_port": self.tls_port,
            "upstreams": "\n  ".join(f"upstream u{i} {{ {servers} {keep} }}" for i in routes),
            "locations": "\n    ".join(f"location /r{i}/ {{ proxy_pass http://u{i}; }}" for i in routes),
        })
        return self._start("nginx", "-c", str(config), "-p", str(self.folder))


class Haproxy(Proxy):
    _CONFIG = """
global
  nbthread %(workers)d
  maxconn 9500
defaults
  mode http
  timeout connect 60s
  timeout client 600s
  timeout server 60s
  option http-keep-alive
  http-reuse always
frontend f
  bind 127.0.0.1:%(port)d backlog 4096
  bind 127.0.0.1:%(tls_port)d backlog 4096 ssl crt %(pem)s ssl-min-ver TLSv1.3
  use_backend %%[path,map_beg(%(map)s)]
%(backends)s
"""

    def _launch(self) -> subprocess.Popen[bytes]:
        routes = range(self.setup.routes)
        servers = "".join(f"\n  server s{i} 127.0.0.1:{port}" for i, port in enumerate(self.origin.ports))
        paths, config = self.folder / "paths.map", self.folder / "haproxy.cfg"
        paths.write_text("".join(f"/r{i}/ u{i}\n" for i in routes))
        config.write_text(self._CONFIG % {
            "workers": self.setup.workers, "port": self.port, "tls_port": self.tls_port, "pem": self.tls.both, "map": paths,
            "backends": "\n".join(f"backend u{i}\n  balance roundrobin{servers}" for i in routes),
        })
        return self._start("haproxy", "-db", "-f", str(config))


class Caddy(Proxy):
    def _launch(self) -> subprocess.Popen[bytes]:
        forward = {"handler": "reverse_proxy", "upstreams": [{"dial": f"127.0.0.1:{port}"} for port in self.origin.ports],
                   "load_balancing": {"selection_policy": {"policy": "round_robin"}},
                   "transport": {"protocol": "http", "keep_alive": {"max_idle_conns_per_host": self.setup.keepalive}}}
        routes = [{"match": [{"path": [f"/r{i}/*"]}], "handle": [forward]} for i in range(self.setup.routes)]
        common: dict[str, object] = {"automatic_https": {"disable": True}, "idle_timeout": "600s", "routes": routes}
        clear: dict[str, object] = {**common, "listen": [f"127.0.0.1:{self.port}"]}
        tls: dict[str, object] = {**common, "listen": [f"127.0.0.1:{self.tls_port}"], "tls_connection_policies": [{"default_sni": "localhost"}]}
        pair = {"certificate": str(self.tls.certificate), "key": str(self.tls.key)}
        config = self.folder / "caddy.json"
        config.write_text(json.dumps({
            "admin": {"disabled": True}, "logging": {"logs": {"default": {"level": "ERROR"}}},
            "apps": {"http": {"servers": {"clear": clear, "tls": tls}}, "tls": {"certificates": {"load_files": [pair]}}}}))
        home = str(self.folder)
        return self._start("caddy", "run", "--config", str(config), env={
            **os.environ, "GOMAXPROCS": str(self.setup.workers), "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home})


class Relay(Proxy):
    """No proxy: carries bytes between a client and one node, without reading them (relay.c). What it costs is the floor for proxies."""

    @property
    def does_tls(self) -> bool:
        return False

    def _launch(self) -> subprocess.Popen[bytes]:
        program = self.folder / "relay"
        subprocess.run(["cc", "-O2", "-o", program, Path(__file__).parent / "relay.c"], check=True)
        return self._start(str(program), str(self.port), *(str(port) for port in self.origin.ports))

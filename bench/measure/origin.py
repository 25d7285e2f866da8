"""The nodes: nginx serving files from memory on three ports of the load's core."""

from pathlib import Path

from measure import machine

NODES = 3
BODIES = {"1k": bytes(i % 251 for i in range(1024)), "64k": bytes(i % 251 for i in range(65536))}

_CONFIG = """
daemon off; worker_processes 1; pid %(folder)s/pid; error_log %(folder)s/error.log;
events { worker_connections 16000; }
http {
  access_log off; sendfile on; keepalive_requests 1000000000; keepalive_timeout 600s; open_file_cache max=100;
  client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2; fastcgi_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  server {
    %(listens)s root %(folder)s/www;
    location / { try_files /1k =404; }
    location ~ /64k$ { try_files /64k =404; }
  }
}
"""


class Origin:
    """Answers every path with 1 KiB, paths that end in /64k with 64 KiB."""

    def __init__(self, folder: Path) -> None:
        self.ports = [machine.free_port() for _ in range(NODES)]
        (folder / "www").mkdir(parents=True)
        for name, body in BODIES.items():
            (folder / "www" / name).write_bytes(body)
        listens = " ".join(f"listen 127.0.0.1:{port} backlog=4096;" for port in self.ports)
        config = folder / "nginx.conf"
        config.write_text(_CONFIG % {"folder": folder, "listens": listens})
        self.process = machine.start(["nginx", "-c", str(config), "-p", str(folder)], machine.LOAD_CORE, folder)

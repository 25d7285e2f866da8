"""The machine under the measurement: packages, cores, processes, and what /proc says about them."""

import contextlib
import datetime
import os
import platform
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PROXY_CORE = "0"
LOAD_CORE = "1"
BOTH_CORES = "0,1"

_PACKAGES = {
    "nginx": "nginx-light",
    "haproxy": "haproxy",
    "caddy": "caddy",
    "wrk": "wrk",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
    "ss": "iproute2",
    "taskset": "util-linux",
}
_TICKS = os.sysconf("SC_CLK_TCK")


class CpuTime(NamedTuple):
    """CPU seconds."""

    user: float
    system: float

    @property
    def total(self) -> float:
        return self.user + self.system

    def since(self, before: "CpuTime") -> "CpuTime":
        return CpuTime(self.user - before.user, self.system - before.system)


def prepare(extra: Mapping[str, str] | None = None, only: Sequence[str] = tuple(_PACKAGES)) -> None:
    """Installs what is missing (as root, from Debian) and raises the limit on descriptors. `extra`: further tools and their packages; `only`: those of the usual tools that are needed."""
    if (os.cpu_count() or 1) < 2:
        sys.exit("two cores are needed: one for the proxy, one for the load and the origin")
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped on the way out
    needed = {**{tool: _PACKAGES[tool] for tool in only}, **(extra or {})}
    missing = sorted({package for tool, package in needed.items() if not shutil.which(tool)})
    if not missing:
        return
    if os.geteuid() != 0:
        sys.exit("these Debian packages are needed: " + " ".join(missing))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _no_services():
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], check=True, env=environment)


def build_headgate() -> None:
    project = ROOT / "src/Headgate"
    subprocess.run(["dotnet", "build", project, "-c", "Release", "-v", "q", "--nologo"], check=True, stdout=subprocess.DEVNULL)


def descriptors_max() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def start(command: Sequence[str], cores: str, folder: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts a server on the cores, in a process group of its own; what it prints goes to output.log in the folder."""
    with open(folder / "output.log", "ab") as log:
        return subprocess.Popen(["taskset", "-c", cores, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder,
                                start_new_session=True, env=env)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def family(pid: int) -> Iterator[int]:
    """The process and its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def cpu_time(pid: int) -> CpuTime:
    """Of the process and its descendants, since their start."""
    user = system = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        user += int(fields[11])
        system += int(fields[12])
    return CpuTime(user / _TICKS, system / _TICKS)


def own_cpu_seconds() -> float:
    """Of this script and of what it started and has seen end (load generators)."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def busy_seconds() -> float:
    """Of all cores together, whoever used them."""
    with open("/proc/stat") as f:
        user, nice, system, _idle, _iowait, irq, softirq, steal = (int(value) for value in f.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of the process and its descendants in MB (10^6 bytes); what they share counts for each."""
    total = 0
    for one in family(pid):
        try:
            found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
        except OSError:
            continue
        total += int(found.group(1)) * 1024 if found else 0
    return total / 1e6


def congestion_controls(pid: int) -> set[str]:
    """Names of the TCP congestion controls of the connections that the process and its descendants have open now."""
    known = set(Path("/proc/sys/net/ipv4/tcp_available_congestion_control").read_text().split())
    shown = subprocess.run(["ss", "-HtinpO", "state", "established"], capture_output=True, text=True, check=True).stdout
    owners = [f"pid={one}," for one in family(pid)]
    return {word for line in shown.splitlines() if any(owner in line for owner in owners) for word in line.split() if word in known}


def established_count(ports: Sequence[int]) -> int:
    """Connections that are open at these listening ports of this machine."""
    wanted = {f"{port:04X}" for port in ports}
    with open("/proc/net/tcp") as f:
        rows = [line.split() for line in f][1:]
    return sum(1 for row in rows if row[3] == "01" and row[1].split(":")[1] in wanted)


def describe() -> str:
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def peers() -> str:
    """Versions of the proxies that Headgate is compared with."""
    versions = [first_line(command) for command in (["nginx", "-v"], ["haproxy", "-v"], ["caddy", "version"])]
    return f"{versions[0]}; {versions[1].split(' - ')[0]}; Caddy {versions[2]}"


def commit() -> str:
    """Short name of the commit, marked when the working tree differs from it."""
    name = first_line(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"])
    changed = subprocess.run(["git", "-C", str(ROOT), "status", "--porcelain", "--", "src"], capture_output=True, text=True, check=False).stdout
    return name + ("-changed" if changed.strip() else "")


def now() -> datetime.datetime:
    return datetime.datetime.now()


@contextlib.contextmanager
def _no_services() -> Iterator[None]:
    """Keeps Debian from starting the servers that it installs."""
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink()


def first_line(command: Sequence[str]) -> str:
    """What a command prints first."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return ((done.stdout + done.stderr).strip().splitlines() or ["unknown"])[0]

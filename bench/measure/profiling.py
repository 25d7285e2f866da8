"""Samples of where a process's CPU time goes, by perf, and the number of its system calls."""

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import load, machine
from measure.proxies import Proxy

_FREQUENCY = 1999
_ATTACH_SECONDS = 0.5
_CALLS = ("sendto", "sendmsg", "write", "writev", "recvfrom", "recvmsg", "read", "readv", "epoll_wait", "epoll_pwait", "epoll_ctl", "accept4", "futex")


@dataclass(frozen=True)
class Frame:
    symbol: str
    module: str
    """[kernel.kallsyms], a library, or the map of what the JIT compiled."""

    @property
    def in_kernel(self) -> bool:
        return self.module == "[kernel.kallsyms]"


@dataclass(frozen=True)
class Sample:
    thread: str
    stack: Sequence[Frame]
    """Innermost first."""


def sample(proxy: Proxy, under: load.Load, seconds: int) -> list[Sample]:
    """Stacks of the proxy under the load, at even steps of its CPU time."""
    data = proxy.folder / "perf.data"
    # The machine may be a virtual one without hardware counters: the CPU clock is always there.
    with _perf(proxy, "record", "-q", "-g", "-e", "cpu-clock", "-F", str(_FREQUENCY), "-o", str(data)):
        under(proxy, seconds)
    script = subprocess.run(["perf", "script", "-i", str(data), "-F", "comm,ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    blocks = [block.strip().splitlines() for block in script.stdout.split("\n\n")]
    return [Sample(block[0].strip(), [_frame(line) for line in block[1:]]) for block in blocks if len(block) > 1]


def system_calls(proxy: Proxy, under: load.Load, seconds: int) -> dict[str, float]:
    """Calls for each request, by name; `all` is their sum with those that are not listed."""
    counts = proxy.folder / "perf.counts"
    events = ["raw_syscalls:sys_enter", *(f"syscalls:sys_enter_{call}" for call in _CALLS)]
    with _perf(proxy, "stat", "-x", ",", "-o", str(counts), "-e", ",".join(events)):
        requests = under(proxy, seconds).requests
    rows = [line.split(",") for line in counts.read_text().splitlines() if ",sys" in line or ",raw" in line]
    names = {"raw_syscalls:sys_enter": "all"}
    return {names.get(row[2], row[2].removeprefix("syscalls:sys_enter_")): int(row[0]) / requests for row in rows if row[0].isdigit() and int(row[0])}


def forget_maps(pid: int) -> None:
    """Removes what the .NET runtime left in /tmp for perf."""
    for name in ("perf", "perfinfo"):
        Path(f"/tmp/{name}-{pid}.map").unlink(missing_ok=True)


def system_call(stack: Sequence[Frame]) -> str:
    """The system call below which a sample was taken, softirq work done there included."""
    if not stack[0].in_kernel:
        return "none: user code"
    symbols = [frame.symbol for frame in stack if frame.in_kernel]
    if "do_syscall_64" not in symbols:
        return "entry and exit" if any(symbol.startswith("entry_SYSCALL") for symbol in symbols) else "none: faults and interrupts"
    below = [symbol for symbol in symbols[: symbols.index("do_syscall_64")] if symbol != "x64_sys_call"]
    if not below or below[-1].startswith(("exit_to_user", "syscall_")):
        return "entry and exit"
    return re.sub(r"^(__x64_sys_|__do_sys_|__se_sys_|ksys_|__sys_|do_)", "", below[-1])


def _frame(line: str) -> Frame:
    """From `ffffffff8120 tcp_sendmsg ([kernel.kallsyms])`; the names of methods have spaces and brackets of their own."""
    _, _, rest = line.strip().partition(" ")
    symbol, _, module = rest.rpartition(" (")
    return Frame(symbol.split("+0x")[0], Path(module.removesuffix(")")).name)


@contextlib.contextmanager
def _perf(proxy: Proxy, command: str, *options: str) -> Iterator[None]:
    pids = ",".join(str(pid) for pid in machine.family(proxy.pid))
    process = subprocess.Popen(["perf", command, *options, "-p", pids], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        time.sleep(_ATTACH_SECONDS)
        if process.poll() is not None:
            raise RuntimeError(f"perf {command} does not run here: {process.communicate()[0]}")
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()

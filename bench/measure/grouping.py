"""Names for the parts that CPU time is spent in: of the kernel, of Headgate by namespace, of the .NET framework and runtime, of libraries."""

import re

from measure.profiling import Frame

# The first that fits counts. What happens while interrupts are off shows up where they are enabled again, which is mostly the waking of another task.
_KERNEL = [
    ("kernel: copying", r"copy_(to|from)_|_copy_|rep_movs|check_object_size|check_heap_object|virt_addr_valid|skb_datagram_iter"),
    ("kernel: epoll", r"^_*ep_|epoll|eventpoll|^(sock|tcp)_poll$"),
    ("kernel: system call entry", r"entry_SYSCALL|syscall|x64_sys|^__sys_|exit_to_user|irqentry|^fdget|^fput|sockfd_lookup|import_ubuf"
                                  r"|srso|retbleed|clear_bhb"),
    ("kernel: network", r"^_*(tcp|inet|ip|ipv4|skb|sock|sk|net|netif|dev|napi|loopback|bbr|cubic|qdisc|neigh|eth|dst|nf|raw_local|consume_skb|kfree_skb|alloc_skb|lock_sock)_"
                        r"|_skb|softirq|backlog|validate_xmit|loopback|release_sock|lock_sock|bictcp"),
    ("kernel: memory", r"kmem|kmalloc|kfree|slab|page|folio|memset|memcg|obj_cgroup|freelist"),
    ("kernel: scheduling, timers, wake-ups", r"sched|task|wake|futex|timer|enqueue|dequeue|update_(load|curr|rq)"
                                             r"|pick_|tsc|ktime|clock|tick|spin_(un)?lock|pv_queued|_idle|cfs|rcu"),
]
_MANAGED = re.compile(r"\[(?P<assembly>[\w.]+)\] (?P<type>[^:]+)::(?P<method>[^(\[]+)")
_LIBRARIES = {
    "libclrjit.so": "runtime: JIT compiler",
    "libcoreclr.so": "runtime: coreclr",
    "libssl.so.3": "library: OpenSSL",
    "libcrypto.so.3": "library: OpenSSL",
    "libc.so.6": "library: libc",
    "ld-linux-x86-64.so.2": "library: libc",
    "[vdso]": "library: libc",
}


def group(frame: Frame) -> str:
    if frame.in_kernel:
        return next((name for name, pattern in _KERNEL if re.search(pattern, frame.symbol)), "kernel: other")
    managed = _MANAGED.search(frame.symbol)
    if managed:
        assembly = managed["assembly"]
        return _namespace(managed["type"]) if assembly.lower().startswith("headgate") else f"framework: {assembly}"
    if frame.module in _LIBRARIES:
        return _LIBRARIES[frame.module]
    if frame.module.startswith("libSystem."):
        return "runtime: " + frame.module.removesuffix(".so")
    if frame.module.endswith(".dll"):
        return "framework: " + frame.module.removesuffix(".dll")  # code that was compiled ahead of time has no names here
    if frame.module.startswith(("perf-", "[", "memfd:", "//anon", "anon")) or not frame.module:
        return "runtime: stubs"
    return "program: " + frame.module


def label(frame: Frame) -> str:
    """A symbol short enough for a table: type and method of managed code."""
    managed = _MANAGED.search(frame.symbol)
    if managed:
        return f"{managed['type'].rsplit('.', 1)[-1]}.{managed['method']}"
    return frame.symbol if "[unknown]" not in frame.symbol else f"({frame.module})"


def _namespace(type_name: str) -> str:
    """Headgate.Proxy.Http1 of Headgate.Proxy.Http1.HeadParser and of what is nested in it."""
    return re.split(r"[`+\[]", type_name)[0].rpartition(".")[0] or type_name

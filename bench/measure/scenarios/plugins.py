"""What plugins add to a request: each alone and together, with one consumer and with 10,000."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from measure import load, machine
from measure.bench import JUDGED, Bench
from measure.figures import Spread, Table, Verdict
from measure.headgate import Headgate
from measure.proxies import Setup

_MANY = 10_000
_CONNECTIONS = 32
_SECRET = "a secret of thirty-two characters"


@dataclass(frozen=True)
class _Mix:
    plugins: Mapping[str, object]
    identified_by: str = ""
    """`key` or `token`: what the requests carry."""
    limit: float | None = None
    """Times plain nginx."""


@dataclass(frozen=True)
class _Case:
    proxy: Headgate
    load: load.Load
    mix: _Mix = field(default_factory=lambda: _Mix({}))


def plugins(bench: Bench) -> Table:
    table = Table("Plugins", f"1 KiB, {_CONNECTIONS} connections, one core, CPU µs/request. *consumers*: how many there are; requests come from a hundred of them in turn. "
                  "nginx and *none* do nothing but proxy.", ("plugins", "consumers", "CPU µs/request", "added", "× nginx", "target"))
    redis_port = machine.free_port()
    (bench.fleet.folder / "redis").mkdir()
    redis = machine.start(["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], machine.LOAD_CORE, bench.fleet.folder / "redis")
    try:
        cases = {(name, consumers): case for consumers in (1, _MANY) for name, case in _cases(bench, consumers, _mixes(redis_port)).items()}
        plain = load.closed_loop(_CONNECTIONS, routes=[0])
        sides = {"nginx": (bench.fleet.get("nginx"), plain)} | {f"{name} {consumers}": (case.proxy, case.load) for (name, consumers), case in cases.items()}
        runs = bench.cpu(sides, "plugins")
    finally:
        machine.stop(redis)
    base = [run.cpu_us for run in runs["nginx"]]
    table.add("nginx, none", "-", Spread.of(base).show(), "-", "-", "")
    for (name, consumers), case in cases.items():
        costs, none = ([run.cpu_us for run in runs[f"{which} {consumers}"]] for which in (name, "none"))
        ratio = Spread.ratio(costs, base)
        added = Spread.of(cost - without for cost, without in zip(costs, none, strict=True))
        judged = table.judge(Verdict(f"{name}, {consumers:,} consumers: × nginx", ratio.median, case.mix.limit)) if case.mix.limit else ""
        table.add(name, f"{consumers:,}", Spread.of(costs).show(), "-" if name == "none" else added.show(), ratio.show_ratio(), judged)
    return table


def _mixes(redis_port: int) -> dict[str, _Mix]:
    key, token = {"key-auth": {}}, {"jwt-auth": {}}
    limit = {"limit-count": {"count": 1_000_000_000, "time_window": 60, "key_type": "var", "key": "remote_addr", "rejected_code": 429}}
    shared = {"limit-count": limit["limit-count"] | {"policy": "redis", "redis_host": "127.0.0.1", "redis_port": redis_port}}
    split = {"traffic-split": {"rules": [{"weighted_upstreams": [{"weight": 1}, {"upstream_id": "u0", "weight": 1}]}]}}
    rewrite = {"proxy-rewrite": {"headers": {"set": {"X-Api-Version": "v1"}}, "regex_uri": ["^/p/(.*)$", "/r0/$1"]}}
    cors, metrics = {"cors": {}}, {"prometheus": {}}
    return {
        "none": _Mix({}),
        "key-auth": _Mix(key, "key", 0.95),
        "jwt-auth (HS256)": _Mix(token, "token"),
        "limit-count, local": _Mix(limit),
        "limit-count, redis": _Mix(shared),
        "traffic-split": _Mix(split),
        "prometheus": _Mix(metrics),
        "cors": _Mix(cors),
        "proxy-rewrite": _Mix(rewrite),
        "key-auth, limit-count local, prometheus": _Mix(key | limit | metrics, "key", 1.0),
        "all of them (key-auth, local)": _Mix(key | limit | split | metrics | cors | rewrite, "key"),
    }


def _cases(bench: Bench, consumers: int, mixes: Mapping[str, _Mix]) -> dict[str, _Case]:
    proxy = bench.fleet.get(JUDGED, Setup(consumers=consumers))
    assert isinstance(proxy, Headgate)
    names = [f"consumer-{i * max(1, consumers // 100)}" for i in range(min(consumers, 100))]
    proxy.put_all((f"/consumers/consumer-{i}", {"username": f"consumer-{i}", "plugins": {
        "key-auth": {"key": _key(f"consumer-{i}")}, "jwt-auth": {"key": f"consumer-{i}", "secret": _SECRET, "algorithm": "HS256"}}}) for i in range(consumers))
    proxy.put_all((f"/routes/p{number}", {"uri": f"/p/{number}/*", "upstream_id": "u0", "plugins": mix.plugins}) for number, mix in enumerate(mixes.values()))
    cases = {}
    for number, (name, mix) in enumerate(mixes.items()):
        fields = {"key": [{"apikey": _key(who)} for who in names], "token": [{"Authorization": f"Bearer {_token(who)}"} for who in names]}.get(mix.identified_by, [{}])
        requests = [(f"/p/{number}/{i}/1k", fields[i % len(fields)]) for i in range(100)]
        cases[name] = _Case(proxy, load.walk(_CONNECTIONS, requests), mix)
    return cases


def _key(consumer: str) -> str:
    return hashlib.sha256(consumer.encode()).hexdigest()


def _token(consumer: str) -> str:
    signed = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, {"key": consumer, "exp": 4_102_444_800}))
    return f"{signed}.{_base64(hmac.digest(_SECRET.encode(), signed.encode(), 'sha256'))}"


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

"""Resident memory of all processes, and the size of what is stored."""

from measure.cluster import usage
from measure.cluster.cluster import MEMBERS, Cluster
from measure.figures import Table


def memory(cluster: Cluster) -> Table:
    """As they are now."""
    table = Table("Memory and disk", f"MB (10^6 bytes) as found, with {cluster.upstreams:,} upstreams of {cluster.nodes} nodes and as many routes. *Database*: etcd's, in use; old versions and the history are in it. "
                  "*Last good*: the file that a gateway starts from without etcd.", ("process", "resident", "database", "last good"))
    databases = {f"etcd-{n}": usage.etcd_metrics(cluster, n, "etcd_mvcc_db_total_size_in_use_in_bytes")[0] for n in range(1, MEMBERS + 1)}
    for name, resident in usage.resident(cluster).items():
        kept = cluster.folder / name / "data/configuration.json"
        database = f"{databases[name] / 1e6:.0f}" if name in databases else ""
        table.add(name, f"{resident:.0f}", database, f"{kept.stat().st_size / 1e6:.1f}" if kept.exists() else "")
    return table

"""The page that a session of measurements ends in."""

import statistics
import sys
from collections.abc import Sequence

from measure import machine
from measure.bench import Bench
from measure.figures import TIE, Table, markdown_table

_QUIET = 0.05


def write(bench: Bench, tables: Sequence[Table], keep: bool) -> None:
    """Prints the head of the page, after the tables that were printed as they came, and keeps the whole in bench/results/."""
    commit = machine.commit()
    head = "\n".join([_header(bench, commit), _summary(tables)])
    text = "\n".join([head, *(table.markdown() for table in tables)])
    print("\n" + head)
    if keep:
        folder = machine.ROOT / "bench/results"
        folder.mkdir(exist_ok=True)
        file = folder / f"{machine.now():%Y-%m-%d-%H%M}-{commit}.md"
        file.write_text(text)
        print("written to", file.relative_to(machine.ROOT))


def _header(bench: Bench, commit: str) -> str:
    lines = [
        f"# {machine.now():%Y-%m-%d}: commit {commit}",
        "",
        f"Machine: {machine.describe()}; {machine.peers()}.",
        f"Command: `{' '.join(['bench/compare', *sys.argv[1:]])}`",
        f"Congestion control: {_congestion(bench)}. Requests that failed: {_failed(bench)}. Others on the machine: {_others(bench)}.",
        "",
        f"Figures are medians of {bench.rounds} interleaved rounds of {bench.seconds} s, with the lowest and highest in brackets; ratios are taken round by round. "
        f"*tie*: less than {TIE * 100:.0f} % apart. What the scenarios are: [README](../README.md).",
        "",
    ]
    return "\n".join(lines)


def _summary(tables: Sequence[Table]) -> str:
    verdicts = [verdict for table in tables for verdict in table.verdicts]
    if not verdicts:
        return ""
    rows = [(v.what, f"{v.value:.2f} {v.unit}", f"≤ {v.limit:g} {v.unit}", str(v)) for v in verdicts]
    met = sum(verdict.met for verdict in verdicts)
    return f"## Targets: {met} of {len(verdicts)} met\n\n{markdown_table(('what', 'measured', 'target', ''), rows)}\n"


def _congestion(bench: Bench) -> str:
    found = bench.fleet.congestion_controls
    if len({frozenset(names) for names in found.values()}) == 1:
        return "/".join(sorted(next(iter(found.values())))) + " on every server"
    return "**not the same**: " + ", ".join(f"{name} {'/'.join(sorted(names))}" for name, names in found.items())


def _failed(bench: Bench) -> str:
    return ", ".join(f"**{name} {count}**" for name, count in bench.failed.items() if count) or "none"


def _others(bench: Bench) -> str:
    if not bench.others:
        return "not watched in these scenarios"
    text = f"{statistics.median(bench.others) * 100:.1f} % of its time (at most {max(bench.others) * 100:.1f} %)"
    return text + (" **not quiet: do not trust the figures**" if statistics.median(bench.others) > _QUIET else "")

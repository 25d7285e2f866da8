"""Medians with their spread, ratios of interleaved runs, verdicts, and the tables that show them."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

TIE = 0.05
"""Two sides that differ by less are equal as far as this measurement can tell."""


@dataclass(frozen=True)
class Spread:
    """The median of several runs, and the lowest and the highest of them."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        listed = sorted(values)
        return cls(statistics.median(listed), listed[0], listed[-1])

    @classmethod
    def ratio(cls, above: Sequence[float], below: Sequence[float]) -> Self:
        """Run by run: the two of one round ran one shortly after the other, so that what disturbed the machine touched both."""
        return cls.of(a / b for a, b in zip(above, below, strict=True))

    def show(self, digits: int = 1) -> str:
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"

    def show_ratio(self) -> str:
        return self.show(2) + (" tie" if abs(self.median - 1) < TIE else "")


@dataclass(frozen=True)
class Verdict:
    """Whether one target is met."""

    what: str
    value: float
    limit: float
    unit: str = "×"

    @property
    def met(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        if self.met:
            return "met"
        return "missed" if math.isinf(self.value) else f"missed by {(self.value / self.limit - 1) * 100:.1f} %"


@dataclass
class Table:
    """What a scenario found."""

    title: str
    note: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def judge(self, verdict: Verdict) -> str:
        """Keeps the verdict for the summary; the text for its cell."""
        self.verdicts.append(verdict)
        return f"{verdict} (≤ {verdict.limit:g} {verdict.unit})"

    def markdown(self) -> str:
        return f"## {self.title}\n\n{self.note}\n" + (f"\n{markdown_table(self.columns, self.rows)}\n" if self.rows else "")


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (columns, ["---"] * len(columns), *rows))

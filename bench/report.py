"""The figures as a table, as JSON, and as the summary of record in docs/performance.md."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bench.figures import Figure, Found
from core.config import ROOT

RESULTS, RECORD = ROOT / "bench" / "results", ROOT / "docs" / "performance.md"
MARKS = "<!-- measured -->", "<!-- end of measured -->"


def table(results: Mapping[str, Found]) -> str:
    """One line a figure, one column a database; under it, what failed."""
    kinds = list(results)
    lines = [f"| What | Bar | {' | '.join(kinds)} |", f"|---|---|{'---|' * len(kinds)}"]
    for key in dict.fromkeys(key for found in results.values() for key in found.figures):
        told = [results[kind].figures.get(key) for kind in kinds]
        first = next(figure for figure in told if figure)
        lines.append(f"| {first.title} | {_bar(first)} | {' | '.join(map(_cell, told))} |")
    failed = [
        f"- {kind}, {key}: failed ({_first_line(why)})" for kind in kinds for key, why in results[kind].failed.items()
    ]
    return "\n".join([*lines, "", *failed] if failed else lines)


def _first_line(why: str) -> str:
    return why.partition("\n")[0][:200]


def _bar(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    return f"{'≥' if figure.at_least else '≤'} {figure.bar:.4g} {figure.unit}"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    more = f" ({figure.more['cpu']:.1f} {figure.unit} of processor)" if "cpu" in figure.more else ""
    sign = {None: "", True: " ✓", False: " ✗"}[figure.kept]
    return f"{figure.value:.4g} {figure.unit}{more}{sign}"


def save(results: Mapping[str, Found], machine: Mapping[str, str]) -> Path:
    """Keep a run as JSON."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    told = {kind: asdict(found) for kind, found in results.items()}
    file.write_text(
        json.dumps({"machine": dict(machine), "results": told}, indent=1, ensure_ascii=False), encoding="utf-8"
    )
    return file


def record(results: Mapping[str, Found], machine: Mapping[str, str]) -> None:
    """Write the run into the page of record, between its marks."""
    facts = "\n".join(f"- {name}: {told}" for name, told in machine.items())
    begin, end = MARKS
    measured = f"{begin}\n{facts}\n\n{table(results)}\n{end}"
    text = RECORD.read_text(encoding="utf-8")
    found = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    RECORD.write_text(found.sub(lambda _match: measured, text), encoding="utf-8")

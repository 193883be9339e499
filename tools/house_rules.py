"""What no linter knows of this house: sizes of files, and words that stand in one place only or nowhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONGEST_FILE = 400
# Revisions are written by Alembic; tests of one feature may stand together.
UNMEASURED = re.compile(r"/migrations/|^tests/")
MEASURED = {".py", ".html"}
READ = MEASURED | {".lock", ".json"}


@dataclass(frozen=True)
class Forbidden:
    """A pattern, the files it may not stand in, and what to do instead."""

    pattern: str
    files: str
    instead: str
    allowed: str = "^$"


CODE, PAGES = r"^(core|plugins)/.*\.py$", r"\.html$"
RULES = (
    Forbidden(r"\.commit\(", CODE, "services flush; core/database/session.py commits", allowed=r"^core/database/"),
    Forbidden(r"Markup\(\s*f.", CODE, "Markup with % escapes its values, an f-string does not"),
    Forbidden(r"\brender_template_string\(", CODE, "templates are files"),
    Forbidden(r"\|\s*safe\b", PAGES, "what is markup is made in Python, in one place, with every value escaped"),
    Forbidden(r"<script(?![^>]*\ssrc=)", PAGES, "the content policy allows no inline script"),
    Forbidden(r"<[^>{]*\s(style|on[a-z]+)=", PAGES, "the content policy allows no inline style or listener"),
    Forbidden(r"https?://|--(extra-)?index-url|--find-links", r"\.lock$", "a lock names packages, not addresses"),
    Forbidden(r'"resolved":\s*"https?:', r"package-lock\.json$", "npm: omit-lockfile-registry-resolved"),
)


def main() -> int:
    """Print each breach as `file:line: …`; the exit status says whether there was any."""
    breaches = [
        breach for file in _files() for breach in breaches_of(file, file.read_text(encoding="utf-8").splitlines())
    ]
    print(*breaches, sep="\n", end="\n" if breaches else "")
    return 1 if breaches else 0


def _files() -> list[Path]:
    """What is committed or about to be."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S603
    return [file for file in map(Path, names) if file.is_file() and file.suffix in READ]


def breaches_of(file: Path, lines: list[str]) -> Iterator[str]:
    """Where the lines of a file break a rule."""
    rules = [rule for rule in RULES if re.search(rule.files, str(file)) and not re.search(rule.allowed, str(file))]
    if file.suffix in MEASURED and len(lines) > LONGEST_FILE and not UNMEASURED.search(str(file)):
        yield f"{file}:1: {len(lines)} lines, more than {LONGEST_FILE}: make it a folder of concepts"
    for number, line in enumerate(lines, 1):
        yield from (f"{file}:{number}: {rule.instead}" for rule in rules if re.search(rule.pattern, line))


if __name__ == "__main__":
    sys.exit(main())

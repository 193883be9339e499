"""docs/plugin.md, done as it is written: each block is a file, a command, or what the command before it says."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from core.config import ROOT

PAGE = ROOT / "docs" / "plugin.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {"python", "toml", "html", "po"}


@dataclass
class Reader:
    """Somebody who follows the page in a shell: where they stand, what they exported, what they last read."""

    here: Path
    kept: Path
    said: str = ""

    def write(self, name: str, text: str) -> None:
        """Make a file."""
        file = self.here / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, commands: str) -> None:
        """Run commands; where they lead and what they export holds for the next ones."""
        place, exported = self.kept / "place", self.kept / "exported"
        script = f"set -e\n[ ! -e {exported} ] || . {exported}\n{commands}\npwd > {place}\nexport -p > {exported}\n"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment |= {"GENERAZIONI_VAR": str(self.kept / "var"), "PATH": path}
        done = subprocess.run(  # noqa: S603  our own page
            ["/bin/bash", "-c", script], cwd=self.here, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        self.said, self.here = done.stdout, Path(place.read_text().strip())

    def find(self, text: str) -> None:
        """Look for each line in what the last command said."""
        for line in text.splitlines():
            assert line in self.said, f"{line!r} is not in:\n{self.said}"


def test_the_tutorial_works_as_it_is_written(tmp_path):
    (tmp_path / "kept").mkdir()
    reader = Reader(tmp_path, tmp_path / "kept")
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))

    for kind, name, text in blocks:
        if kind in FILES and name:
            reader.write(name, text)
        elif kind == "sh":
            reader.run(text)
        else:
            assert kind == "text", f"nobody knows what to do with a block of {kind} {shlex.quote(name)}"
            reader.find(text)

    assert len(blocks) == PAGE.read_text(encoding="utf-8").count("```") / 2

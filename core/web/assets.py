"""Builds the front-end files: `python -m core.web.assets` fetches, trims, names by content and compresses them."""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from core.config import ROOT
from core.web.npm import FRONTEND, CannotFetch, fetch
from core.web.sources import source_files
from core.web.static_files import MANIFEST
from core.web.stylesheets import purge, words_of

OWN = Path(__file__).resolve().parent / "static"
STAMP = "built-from"
FRAMEWORK = "bootstrap-italia/dist"
TITILLIUM = f"{FRAMEWORK}/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin"
# Drawings that pages choose by a value, so that their names may stand in no source.
ICONS = frozenset(
    """
    box burger calendar card chart-line check check-circle chevron-left chevron-right clock close download error
    file-csv file-signed file-xlsx folder funnel hearing help-circle horn inbox key link list locked map-marker
    map-marker-circle note pa password-visible pencil piattaforme plug plus print refresh restore search settings
    share tool upload user
    """.split()  # noqa: SIM905  names read better than quotes
)
SYMBOL = re.compile(r'<symbol\b[^>]*\bid="it-([\w-]+)".*?</symbol>', re.DOTALL)
QUOTED = re.compile(r"""["']([a-z0-9-]+)["']""")
URL = re.compile(r"url\(([\w.-]+)\)")


def build(var: Path, plugin_folders: Iterable[Path] = ()) -> bool:
    """Bring `var/assets` up to the sources; False when nothing had changed. `CannotFetch` says what is missing."""
    sources = source_files(plugin_folders)
    stamp = _stamp([*sources, *_files(OWN), *_files(FRONTEND)])
    folder = var / "assets"
    if (folder / STAMP).exists() and (folder / STAMP).read_text() == stamp:
        return False
    packages = _packages(var / "frontend")
    made = var / f"assets.{os.getpid()}"
    made.mkdir()
    manifest = _write_all(_contents(packages, [file.read_text(encoding="utf-8") for file in sources]), made)
    (made / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    (made / STAMP).write_text(stamp)
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)
    return True


def _packages(place: Path) -> Path:
    """The fetched packages; fetched again only when the lock changed."""
    lock, kept = (FRONTEND / "package-lock.json").read_bytes(), place / "fetched.json"
    if not kept.exists() or kept.read_bytes() != lock:
        kept.unlink(missing_ok=True)
        fetch(place)
        kept.write_bytes(lock)
    return place / "node_modules"


def _contents(packages: Path, sources: list[str]) -> dict[str, bytes]:
    """Plain name → bytes. Our own stylesheet comes last: it names the fonts by their hashed names."""
    framework = (packages / FRAMEWORK / "css/bootstrap-italia.min.css").read_text(encoding="utf-8")
    sprite = (packages / FRAMEWORK / "svg/sprites.svg").read_text(encoding="utf-8")
    return {
        "titillium-regular.woff2": (packages / f"{TITILLIUM}-regular.woff2").read_bytes(),
        "titillium-600.woff2": (packages / f"{TITILLIUM}-600.woff2").read_bytes(),
        "bootstrap-italia.css": purge(framework, words_of(iter(sources))).encode(),
        "icons.svg": cut_sprite(sprite, ICONS.union(*map(QUOTED.findall, sources))).encode(),
        "htmx.js": (packages / "htmx.org/dist/htmx.min.js").read_bytes(),
        "icon.svg": (OWN / "icon.svg").read_bytes(),
        "generazioni.css": (OWN / "generazioni.css").read_bytes(),
    }


def cut_sprite(sprite: str, names: frozenset[str]) -> str:
    """The sprite with only the named drawings."""
    kept = [symbol.group() for symbol in SYMBOL.finditer(sprite) if symbol.group(1) in names]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(kept)}</svg>\n'


def _write_all(contents: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Write each file under its hashed name, compressed beside it; the answer is the manifest."""
    manifest: dict[str, str] = {}
    for name, plain in contents.items():
        data = _with_hashed_urls(plain, manifest) if name == "generazioni.css" else plain
        stem, _dot, suffix = name.rpartition(".")
        manifest[name] = f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.{suffix}"
        (folder / manifest[name]).write_bytes(data)
        if suffix != "woff2":  # already compressed
            (folder / f"{manifest[name]}.gz").write_bytes(gzip.compress(data, mtime=0))
    return manifest


def _with_hashed_urls(css: bytes, manifest: dict[str, str]) -> bytes:
    return URL.sub(lambda found: f"url({manifest[found.group(1)]})", css.decode()).encode()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _stamp(files: Iterable[Path]) -> str:
    """What the built files depend on: the sources, and this builder among them."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Build from the command line; the exit status says whether it worked."""
    parser = argparse.ArgumentParser(prog="python -m core.web.assets", description=__doc__)
    parser.add_argument("--var", type=Path, default=Path(os.environ.get("GENERAZIONI_VAR") or ROOT / "var"))
    parser.add_argument("--plugins", type=Path, action="append", default=[], help="more folders of plugins")
    arguments = parser.parse_args()
    try:
        built = build(arguments.var.resolve(), [ROOT / "plugins", *arguments.plugins])
    except CannotFetch as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    folder = arguments.var / "assets"
    print(f"The front-end files are {'built in' if built else 'up to date in'} {folder}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())

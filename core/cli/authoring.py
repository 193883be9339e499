"""For who writes a module: a small one that works at once, and its sentences for a translator."""

import keyword
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from string import Template

import click

from core import __version__
from core.cli.context import Context, pass_context
from core.language.catalogues import bring_up, extract, file_of, languages, untranslated
from core.plugins.manifest import WrongManifest, read_manifest

SKELETON = Path(__file__).parent / "skeleton"
NAME = re.compile(r"[a-z][a-z0-9_]{2,29}")
RESERVED = frozenset({"core", "plugins", "tests", "translations"})


@click.command()
@click.argument("name")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    help="Where its folder is made; here unless said",
)  # fmt: skip
@pass_context
def new(context: Context, name: str, folder: Path) -> None:
    """Write a small module that works: its own distribution, with tests that pass.

    NAME is its key: lower-case letters, digits and underscores, such as community_kitchen.
    """
    _refuse_name(context, name)
    place = folder / f"generazioni-{name.replace('_', '-')}"
    if place.exists():
        raise click.ClickException(f"{place} is already there: choose another name or folder.")
    for source in sorted(SKELETON.rglob("*.txt")):
        target = place / _renamed(source.relative_to(SKELETON).as_posix().removesuffix(".txt"), name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(source.read_text(encoding="utf-8")).substitute(_words(name)), encoding="utf-8")
    click.echo(f"Wrote {place}. Its README.md says how to run, test and give it away.")


def _refuse_name(context: Context, name: str) -> None:
    """A key makes the prefix of tables and addresses, and the name of a package: it must be free as all three."""
    from core.database.migrate import core_line  # noqa: PLC0415

    if not NAME.fullmatch(name):
        raise click.ClickException(
            f"{name!r} cannot be a key: 3 to 30 lower-case letters, digits and underscores, a letter first."
        )
    if name in RESERVED or keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise click.ClickException(f"{name} means something else in Python or in the program.")
    if name in context.listed.plugins:
        raise click.ClickException(f"A module with the key {name} is already here.")
    if taken := next((own for own in core_line().prefixes if f"{name}_".startswith(own)), None):
        raise click.ClickException(f"Tables that begin with {taken} are the core's.")
    if find_spec(name) is not None:
        raise click.ClickException(f"A Python package is already called {name}.")


def _renamed(path: str, key: str) -> str:
    path = path.replace("KEY", key)
    return f"{key}/{path.removeprefix('package/')}" if path.startswith("package/") else path


def _words(key: str) -> dict[str, str]:
    """What stands in the skeleton's blanks; versions of the core are compatible up to the next first number."""
    major, minor, *_rest = __version__.split(".")
    dashed = key.replace("_", "-")
    return {
        "key": key, "title": key.replace("_", " ").capitalize(), "url": dashed, "tab": dashed,
        "distribution": f"generazioni-{dashed}", "wheel": f"generazioni_{key}",
        "core": f"{major}.{minor}", "next_core": str(int(major) + 1),
    }  # fmt: skip


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
def messages(folder: Path) -> None:
    """Bring a module's .po files up to the sentences in its code; FOLDER is its distribution's."""
    manifests = [*folder.glob("manifest.toml"), *folder.glob("*/manifest.toml")]
    if len(manifests) != 1:
        raise click.ClickException(f"{folder} holds {len(manifests)} manifest.toml: name the folder of one module.")
    try:
        manifest = read_manifest(manifests[0], manifests[0].parent.name)
    except WrongManifest as error:
        raise click.ClickException(str(error)) from error
    for language in languages():
        file = file_of(manifest.folder / "translations", language, manifest.key)
        catalogue = bring_up(file, language, extract(manifest.key, manifest.folder, manifest.folder.parent))
        click.echo(f"{file}: {len(catalogue)} sentences, {untranslated(catalogue)} to translate")

"""A small plugin made on the spot, as a folder or as a wheel, in as many versions as a test needs."""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

MANIFEST = """
key = "{key}"
version = "{version}"
core = "{core}"
personal_data = ["contacts"]
retention = "Two years after a plot is given back"
license = "EUPL-1.2"
{more}
[name]
it = "Orti"
en = "Gardens"

[summary]
it = "Orti condivisi e chi li coltiva."
en = "Shared gardens and who works them."

[requires]
{requires}
"""
MODELS = """
from sqlalchemy import String
from sqlalchemy.orm import Mapped

from core.api import PYTHON_TYPES, DeclarativeBase, PartnerOwned, Record, _, field, metadata


class Model(Record, DeclarativeBase):
    metadata = metadata
    type_annotation_map = PYTHON_TYPES


class Plot(PartnerOwned, Model):
    __tablename__ = "{key}_plot"

    code: Mapped[str] = field(_("Code"), String(20))
{columns}
    def __str__(self) -> str:
        return self.code
"""
PLUGIN = """
from core.api import MenuItem, Permission, Resource, _, answers
from {package}.models import Plot


def register(session, *, code):
    plot = Plot(code=code)
    session.add(plot)
    session.flush()
    return plot


@answers
def resources():
    return [Resource(Plot, name="plots", title=_("Plots"), singular=_("Plot"), columns=["code"], form=["code"],
                     create=register)]


@answers
def menu_items():
    return [MenuItem(_("Garden sheds"), "{url}/plots", "plug", "{key}.plots.see")]


@answers
def permissions():
    return [Permission("{key}.water", _("Water the plots"))]


@answers
def role_presets():
    return {{"org_manager": ["{key}.*"]}}
"""
FIRST = """
import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "{key}_0001"
down_revision = None


def upgrade():
    op.create_table(
        "{key}_plot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners_partner.id"], name=op.f("fk_{key}_plot_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_{key}_plot")),
    )
    op.create_index("ix_{key}_plot_code", "{key}_plot", ["partner_id", "code"])
    policies.grant(op, "{key}_plot")
    policies.partner_owned(op, "{key}_plot")


def downgrade():
    op.drop_table("{key}_plot")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "{key}_0002"
down_revision = "{key}_0001"


def upgrade():
    op.drop_index("ix_{key}_plot_code", "{key}_plot")
    with op.batch_alter_table("{key}_plot") as batch:
        batch.add_column(sa.Column("area", sa.Integer(), nullable=False, server_default="0"))


def downgrade():
    with op.batch_alter_table("{key}_plot") as batch:
        batch.drop_column("area")
    op.create_index("ix_{key}_plot_code", "{key}_plot", ["partner_id", "code"])
"""
# Cannot be: two plots of one partner may not have the same code, and there are such.
THIRD = """
from alembic import op

revision = "{key}_0003"
down_revision = "{key}_0002"


def upgrade():
    op.create_index("uq_{key}_plot_code", "{key}_plot", ["partner_id", "code"], unique=True)


def downgrade():
    op.drop_index("uq_{key}_plot_code", "{key}_plot")
"""
REVISIONS = (FIRST, SECOND, THIRD)
AREA = '    area: Mapped[int] = field(_("Square metres"), default=0)\n'


def files_of(
    version: int = 1,
    *,
    key: str = "gardens",
    package: str = "",
    requires: str = "",
    more: str = "",
    core: str = ">=0.1,<1",
) -> dict[str, str]:
    """The files of a version; each brings one migration more than the one before."""
    package = package or key
    told = {
        "key": key, "package": package, "version": f"{version}.0", "requires": requires, "more": more, "core": core,
        "url": f"/m/{key.replace('_', '-')}", "columns": AREA if version > 1 else "",
    }  # fmt: skip
    files = {"__init__.py": "", "manifest.toml": MANIFEST, "models.py": MODELS, "plugin.py": PLUGIN}
    files |= {f"migrations/{key}_{n:04d}.py": REVISIONS[n - 1] for n in range(1, version + 1)}
    return {name: text.format(**told).lstrip() for name, text in files.items()}


def write_package(folder: Path, version: int = 1, **told: str) -> Path:
    """The plugin as a folder beside others; gives its place."""
    place = folder / (told.get("package") or told.get("key") or "gardens")
    write_files(place, files_of(version, **told))
    return place


def write_files(place: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def make_wheel(
    folder: Path, version: int = 1, *, package: str = "gardens", requires_dist: tuple[str, ...] = (),
    more_files: Mapping[str, str] | None = None, told_entry: str = "", **told: str,
) -> Path:  # fmt: skip
    """The plugin as a wheel, with what its builder would write beside the package."""
    name, key = f"{package}_plugin", told.get("key", package)
    info = f"{name}-{version}.0.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires_dist)
    files = {f"{package}/{file}": text for file, text in files_of(version, package=package, key=key, **{
        one: text for one, text in told.items() if one != "key"}).items()}  # fmt: skip
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}.0\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": told_entry or f"[generazioni.plugins]\n{key} = {package}\n",
        **(more_files or {}),
    }
    lines = [f"{file},sha256={_fingerprint(text)},{len(text.encode())}" for file, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    wheel = folder / f"{name}-{version}.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return wheel


def _fingerprint(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()

"""Small plugins made on the spot, whole or with one thing wrong."""

from itertools import count
from pathlib import Path

MANIFEST = """
key = "{key}"
version = "1.0"
core = "{core}"

[name]
it = "Modulo {key}"
en = "Module {key}"

[requires]
{requires}
"""
MODELS = """
from sqlalchemy import String
from sqlalchemy.orm import Mapped

from core.api import PYTHON_TYPES, DeclarativeBase, PartnerOwned, Record, field, metadata


class Model(Record, DeclarativeBase):
    metadata = metadata
    type_annotation_map = PYTHON_TYPES


class Thing(PartnerOwned, Model):
    __tablename__ = "{key}_thing"

    name: Mapped[str] = field("Name", String(40))

    def __str__(self):
        return self.name
"""
PLUGIN = """
from flask import Blueprint

from core.api import Permission, Resource, answers, requires
from {key}.models import Thing

pages = Blueprint("{key}", __name__, url_prefix="/m/{url}")


@pages.get("/hello")
@requires("{key}.hello")
def hello():
    return "hello"


@answers
def resources():
    return [Resource(Thing, name="things", title="Things", singular="Thing", columns=["name"])]


@answers
def blueprints():
    return [pages]


@answers
def permissions():
    return [Permission("{key}.hello", "Say hello")]
"""
REVISION = """
import sqlalchemy as sa
from alembic import op

from core.api import policies

revision = "{key}_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "{key}_thing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("partner_id", sa.Uuid(), sa.ForeignKey("partners_partner.id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    policies.grant(op, "{key}_thing")
    policies.partner_owned(op, "{key}_thing")


def downgrade():
    op.drop_table("{key}_thing")
"""
_numbers = count(1)


def new_key(name: str) -> str:
    """A key that no other test of this process has used: modules stay imported."""
    return f"{name}_{next(_numbers)}"


def make(folder: Path, name: str = "sound", *, key: str = "", core: str = "", requires: str = "", **files: str) -> str:
    """Write a plugin; keywords are whole files (`plugin=…`) or what is added to them (`more_plugin=…`)."""
    key = key or new_key(name)
    place = folder / key
    (place / "migrations").mkdir(parents=True)
    filled = {"key": key, "url": key.replace("_", "-"), "core": core, "requires": requires}
    (place / "__init__.py").write_text("")
    (place / "manifest.toml").write_text(MANIFEST.format(**filled))
    sources = {"models": MODELS, "plugin": PLUGIN, "revision": REVISION}
    for file, whole in sources.items():
        source = files.get(file, whole) + files.get(f"more_{file}", "")
        name = f"migrations/{key}_0001" if file == "revision" else file
        (place / f"{name}.py").write_text(source.replace("{key}", key).replace("{url}", filled["url"]))
    return key

"""What `generazioni check --deploy` adds: what is well enough for a trial and too weak for people's data."""

from collections.abc import Iterator
from pathlib import Path

from flask.helpers import get_debug_flag
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.cli.context import Context
from core.cli.finding import Finding
from core.config import Settings
from core.demo.models import has_demo
from core.partners.models import Partner

FEWEST_DIFFERENT = 12  # signs in a secret key: what was drawn by chance has more


def weaknesses(context: Context) -> Iterator[Finding]:
    """Settings first, then the machine, then what the database holds."""
    settings = context.settings
    yield from of_settings(settings)
    yield from of_files(settings)
    try:
        with context.database.session(context.operator("check"), writes=False) as session:
            yield from of_data(session, settings)
    except DBAPIError:
        return  # the database is already among the findings


def of_settings(settings: Settings) -> Iterator[Finding]:
    """What the environment says."""
    yield _finding(
        "address", settings.secure,
        "GENERAZIONI_PUBLIC_URL does not begin with https://: passwords and cookies would travel readable. "
        "Say the https address that people use.",
        f"{settings.public_url}, cookies bound to it and to https",
    )  # fmt: skip
    yield _finding(
        "proxy", settings.trusted_proxies > 0 or not settings.secure,
        "GENERAZIONI_TRUSTED_PROXIES is 0 although people come by https: every visitor would have the proxy's "
        "address, and one who guesses passwords would close the door to all. Say how many proxies stand in front.",
        f"{settings.trusted_proxies} trusted",
    )  # fmt: skip
    yield _finding(
        "secret key", len(set(settings.secret_key)) >= FEWEST_DIFFERENT,
        "GENERAZIONI_SECRET_KEY has few different signs: make one with `openssl rand -hex 32`.", "drawn by chance",
    )  # fmt: skip
    yield _finding(
        "debug", not get_debug_flag(),
        "FLASK_DEBUG is on: error pages would show the code and let it be changed. Take it away.", "off",
    )  # fmt: skip
    yield _finding(
        "second factor", settings.second_factor,
        "Who administers, approves or reads special data comes in by password alone: "
        "set GENERAZIONI_SECOND_FACTOR=required.",
        "required for who administers, approves or reads special data",
    )  # fmt: skip
    yield _finding(
        "mail", not settings.mail_url.startswith(("console:", "file:")),
        "GENERAZIONI_MAIL_URL sends nothing: invitations and new passwords would not arrive. Say an smtp(s) address.",
        "sent by a server",
    )  # fmt: skip
    yield _finding(
        "plugins", not settings.safe_mode,
        "GENERAZIONI_SAFE_MODE is on: no module is loaded. Take it away when the trouble is over.", "loaded",
    )  # fmt: skip
    yield from _of_database_settings(settings)


def _of_database_settings(settings: Settings) -> Iterator[Finding]:
    if settings.embedded:
        yield _finding(
            "workers", settings.workers == 1,
            f"WEB_CONCURRENCY is {settings.workers} with the embedded database: only one process at a time may write. "
            "Run one worker, or use PostgreSQL.", "one",
        )  # fmt: skip
        return
    urls = settings.database_url, settings.owner_database_url, settings.operator_database_url
    roles = {make_url(url).username for url in urls}
    yield _finding(
        "database roles", len(roles) == len(urls),
        "The program, the migrations and the work across partners share a database role: row-level security would "
        "hold nothing back. Make three roles (docs/operate.md) and say GENERAZIONI_OWNER_DATABASE_URL and "
        "GENERAZIONI_OPERATOR_DATABASE_URL.", "three",
    )  # fmt: skip


def of_files(settings: Settings) -> Iterator[Finding]:
    """What stands on the disk."""
    kept = settings.var / "field-keys"
    yield _finding(
        "keys of sealed fields", bool(settings.field_keys) and not (settings.embedded and kept.exists()),
        f"The keys of sealed fields stand in {kept}, beside the database that they seal: a copy of the folder would "
        "open everything. Move them into GENERAZIONI_FIELD_KEYS_FILE elsewhere.",
        f"{len(settings.field_keys)}, apart from the database",
    )  # fmt: skip
    for what, path in (("data folder", settings.var), ("attachments", settings.uploads)):
        if path.exists():
            yield _finding(
                what, not _open_to_others(path),
                f"Other users of the machine can read {path}: run `chmod o-rwx {path}`.", f"{path} is closed to others",
            )  # fmt: skip


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o007)


def of_data(session: Session, settings: Settings) -> Iterator[Finding]:
    """What the database holds."""
    yield _finding(
        "demo network", not has_demo(session),
        "The demo network is loaded: its users' password is printed in the manual. Run `generazioni demo --remove`.",
        "not loaded",
    )  # fmt: skip
    partners = session.execute(select(func.count(Partner.id)).where(Partner.active)).scalar_one()
    yield _finding(
        "partners", not settings.embedded or partners <= 1,
        f"{partners} partners share the embedded database, which has no second wall between them: use PostgreSQL.",
        "one on the embedded database" if settings.embedded else f"{partners}, behind row-level security",
    )  # fmt: skip


def _finding(what: str, good: bool, wrong: str, right: str) -> Finding:  # noqa: FBT001  the verdict
    return Finding(what, good, right if good else wrong)

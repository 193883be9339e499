"""Settings, read from the environment once and checked before anything starts."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class WrongSetting(Exception):  # noqa: N818
    """A setting that cannot work, with the sentence that says how to mend it."""


@dataclass(frozen=True)
class OpenIdProvider:
    """Another service that says who somebody is: a broker of SPID and CIE, a municipality's own.

    `let_in` are the domains of e-mail addresses that link to the account of the same address by themselves (`*`
    all); nobody else comes in whose account was not linked by hand. `levels` are the `acr` values that count as a
    second factor; without any, what the provider says of its ways (`amr`) counts.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "OpenID"
    let_in: frozenset[str] = frozenset()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """All that may differ between two installations; nothing else reads the environment."""

    var: Path
    database_url: str
    owner_database_url: str
    operator_database_url: str
    secret_key: str = field(repr=False)
    audit_anchors: Path
    field_keys: tuple[bytes, ...] = field(default=(), repr=False)
    second_factor: bool = False
    openid: OpenIdProvider | None = None
    public_url: str = ""
    mail_url: str = "console:"
    mail_from: str = "generazioni@localhost"
    network_name: str = "Rete gener_Azioni"
    plugin_folders: tuple[Path, ...] = (ROOT / "plugins",)
    plugins: Path | None = None
    skip_plugins: frozenset[str] = field(default_factory=frozenset)
    strict: bool = False
    safe_mode: bool = False
    upload_limit: int = 20 * 1024 * 1024
    partner_quota: int = 20 * 1024**3
    scanner: str = ""
    trusted_proxies: int = 0
    workers: int = 1

    @property
    def embedded(self) -> bool:
        """Whether the database is the SQLite file of a trial, without PostgreSQL's second wall."""
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach the program by https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")

    @property
    def assets(self) -> Path:
        """Where the built front-end files stand."""
        return self.var / "assets"

    @property
    def plugin_home(self) -> Path:
        """Where added plugins stand, with their lock; whoever can write there can run code in the program."""
        return self.plugins or self.var / "plugins"

    @property
    def uploads(self) -> Path:
        """Where attachments are kept, outside of what the web server can reach."""
        return self.var / "uploads"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this installation; `WrongSetting` names what is wrong and how to mend it."""
    environment = os.environ if environment is None else environment

    def value(name: str, default: str = "") -> str:
        return environment.get(f"GENERAZIONI_{name}", "").strip() or default

    var = Path(value("VAR", str(ROOT / "var"))).resolve()
    url = value("DATABASE_URL", f"sqlite:///{var / 'generazioni.db'}")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("GENERAZIONI_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    public_url = value("PUBLIC_URL").rstrip("/")
    return Settings(
        var=var,
        database_url=url,
        owner_database_url=value("OWNER_DATABASE_URL", url),
        operator_database_url=value("OPERATOR_DATABASE_URL", url),
        audit_anchors=Path(value("AUDIT_ANCHORS", str(var / "audit-anchors.jsonl"))).resolve(),
        secret_key=_secret_key(value("SECRET_KEY"), var, embedded=url.startswith("sqlite")),
        field_keys=_field_keys(value("FIELD_KEYS"), value("FIELD_KEYS_FILE"), var, embedded=url.startswith("sqlite")),
        second_factor=_second_factor(value("SECOND_FACTOR"), trial=url.startswith("sqlite") and not public_url),
        openid=_openid(value),
        public_url=public_url,
        mail_url=value("MAIL_URL", "console:"),
        mail_from=value("MAIL_FROM", "generazioni@localhost"),
        network_name=value("NETWORK_NAME", "Rete gener_Azioni"),
        plugin_folders=(ROOT / "plugins", *(Path(p) for p in value("PLUGIN_FOLDERS").split(os.pathsep) if p)),
        plugins=Path(value("PLUGINS")).resolve() if value("PLUGINS") else None,
        skip_plugins=frozenset(key.strip() for key in value("SKIP").split(",") if key.strip()),
        strict=value("STRICT") == "1",
        safe_mode=value("SAFE_MODE") == "1",
        partner_quota=_whole_number("GENERAZIONI_PARTNER_QUOTA_GB", value("PARTNER_QUOTA_GB", "20")) * 1024**3,
        scanner=_scanner(value("SCANNER")),
        trusted_proxies=_whole_number("GENERAZIONI_TRUSTED_PROXIES", value("TRUSTED_PROXIES", "0")),
        workers=_whole_number("WEB_CONCURRENCY", environment.get("WEB_CONCURRENCY", "1")),  # gunicorn reads it too
    )


def _whole_number(name: str, text: str) -> int:
    if not text.isdigit():
        raise WrongSetting(f"{name} must be a whole number, not {text!r}")
    return int(text)


def _scanner(text: str) -> str:
    if text and not text.startswith("unix:/") and not re.fullmatch(r"tcp:[^:]+:\d+", text):
        raise WrongSetting(
            f"GENERAZIONI_SCANNER must be like unix:/run/clamav/clamd.ctl or tcp:host:3310, not {text!r}"
        )
    return text


def _secret_key(given: str, var: Path, *, embedded: bool) -> str:
    """The key that signs cookies: given, or made once and kept in `var/` for the embedded trial."""
    if given:
        if len(given) < 32:  # noqa: PLR2004  256 bits, as docs/operate.md asks
            raise WrongSetting(
                "GENERAZIONI_SECRET_KEY is shorter than 32 characters: make one with `openssl rand -hex 32`"
            )
        return given
    if not embedded:
        raise WrongSetting("GENERAZIONI_SECRET_KEY is missing: make one with `openssl rand -hex 32`")
    return _kept(var / "secret-key")


def _field_keys(given: str, file: str, var: Path, *, embedded: bool) -> tuple[bytes, ...]:
    """The keys of sealed fields, the one that closes first: given, in a file, or made once for the embedded trial."""
    if file:
        try:
            given = Path(file).read_text()
        except OSError as error:
            raise WrongSetting(f"GENERAZIONI_FIELD_KEYS_FILE cannot be read: {error}") from error
    if not given and embedded:
        given = _kept(var / "field-keys")
    if not given:
        raise WrongSetting(
            "GENERAZIONI_FIELD_KEYS is missing: make one with `openssl rand -hex 32`, and keep it apart from the "
            "database and its backups"
        )
    return tuple(_field_key(text) for text in given.replace(",", " ").split())


def _field_key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:  # noqa: PLR2004  AES-256
        raise WrongSetting(
            "GENERAZIONI_FIELD_KEYS holds a key that is not 64 hexadecimal digits: make one with `openssl rand -hex 32`"
        )
    return key


def _second_factor(given: str, *, trial: bool) -> bool:
    """Whether those who administer, approve or read special data need a code at sign-in; not in a trial."""
    if given not in {"", "required", "optional"}:
        raise WrongSetting(f"GENERAZIONI_SECOND_FACTOR must be required or optional, not {given!r}")
    return given == "required" or (not given and not trial)


def _openid(value: Callable[..., str]) -> OpenIdProvider | None:
    """The provider to sign in with, when one is set; http only to this very machine."""
    issuer, client_id = value("OIDC_ISSUER"), value("OIDC_CLIENT_ID")
    if not issuer and not client_id:
        return None
    if not issuer or not client_id:
        raise WrongSetting("GENERAZIONI_OIDC_ISSUER and GENERAZIONI_OIDC_CLIENT_ID go together: set both, or neither")
    where = urlsplit(issuer)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in {"127.0.0.1", "localhost", "::1"}):
        raise WrongSetting("GENERAZIONI_OIDC_ISSUER must begin with https://")
    secret, file = value("OIDC_CLIENT_SECRET"), value("OIDC_CLIENT_SECRET_FILE")
    if file:
        secret = Path(file).read_text(encoding="utf-8").strip()
    return OpenIdProvider(
        issuer=issuer, client_id=client_id, client_secret=secret, name=value("OIDC_NAME", "OpenID"),
        let_in=frozenset(one.lower().removeprefix("@") for one in _listed(value("OIDC_LET_IN"))),
        levels=tuple(_listed(value("OIDC_LEVELS"))),
    )  # fmt: skip


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _kept(file: Path) -> str:
    """A key of 256 bits that is made once and kept beside the embedded database.

    Of two processes that start together one gives the file its name, whole, and both read that one.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
        draft.touch(mode=0o600)
        try:
            draft.write_text(secrets.token_hex(32))
            with suppress(FileExistsError):
                os.link(draft, file)
        finally:
            draft.unlink()
    return file.read_text()

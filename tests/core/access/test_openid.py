"""Signing in with an OpenID provider: who is let in, and every lie that lets nobody in."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from core.access import identities
from core.access.models import Identity, Role, SignIn, User
from core.cli import main_group
from core.cli.context import Context
from core.config import OpenIdProvider, Settings, WrongSetting, read_settings
from core.database.scope import Scope
from core.database.session import Database
from core.testing.databases import Server

from .conftest import Join, sign_in
from .fake_provider import SUBJECT, FakeProvider, Running, unsigned

LEVEL = "https://www.spid.gov.it/SpidL2"


@pytest.fixture(scope="module")
def server(sqlite_folder: Any) -> Server:
    """One kind of database: what is believed of a provider hangs on none."""
    return sqlite_folder


@pytest.fixture
def running() -> Iterator[Running]:
    started = Running()
    yield started
    started.stop()


@pytest.fixture
def fake(running: Running) -> FakeProvider:
    return running.provider


@pytest.fixture
def told(fake: FakeProvider) -> OpenIdProvider:
    return fake.told()


@pytest.fixture
def settings(settings: Settings, told: OpenIdProvider) -> Settings:
    return replace(settings, openid=told)


def come(client: FlaskClient, fake: FakeProvider, wanted: str = "/me") -> TestResponse:
    """There and back."""
    return client.get(fake.allow(client.get(f"/sign-in/openid?next={wanted}").location))


def counted(database: Database, kind: Any) -> int:
    with database.session(Scope(operator=True, reason="tests"), writes=False) as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_who_has_the_verified_address_of_an_account_comes_in_and_is_linked(client, fake, database, maria):
    answer = come(client, fake)

    assert (answer.status_code, answer.location) == (303, "/me")
    assert is_in(client)
    with database.session(Scope(), writes=False) as session:
        identity = session.scalars(select(Identity)).one()
        assert (identity.user_id, identity.issuer, identity.subject) == (maria, fake.address, SUBJECT)


def test_once_linked_the_identity_alone_counts(client, fake, database):
    come(client, fake)
    client.post("/sign-out")
    fake.claims = {"email": "another@elsewhere.example", "email_verified": False}

    assert come(client, fake).status_code == 303
    assert is_in(client)
    assert counted(database, Identity) == 1


def test_the_way_there_carries_code_pkce_state_and_nonce_that_change_each_time(client, fake):
    first, second = (
        {name: value[0] for name, value in parse_qs(urlsplit(client.get("/sign-in/openid").location).query).items()}
        for _time in range(2)
    )

    assert (first["response_type"], first["code_challenge_method"]) == ("code", "S256")
    assert first["redirect_uri"].endswith("/sign-in/openid/back")
    assert len(first["state"]) >= 43
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


TOLD_OTHERWISE: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "of-another-question"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another-client"},
    "several audiences, given to another": {"aud": ["generazioni", "other"], "azp": "other"},
    "several audiences, given to nobody": {"aud": ["generazioni", "other"]},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "without an end": {"exp": None},
    "of tomorrow": {"iat": int(time.time()) + 86400},
    "not valid yet": {"nbf": int(time.time()) + 86400},
    "without a subject": {"sub": None},
    "hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", TOLD_OTHERWISE.values(), ids=TOLD_OTHERWISE)
def test_a_token_that_says_otherwise_lets_nobody_in(client, fake, database, claims):
    fake.claims = claims

    answer = come(client, fake)

    assert answer.status_code == 422
    assert "proves nobody" in answer.text
    assert not is_in(client)
    assert (counted(database, SignIn), counted(database, Identity)) == (0, 0)


SIGNED_OTHERWISE: dict[str, Callable[[FakeProvider, Any], str]] = {
    "not signed": lambda fake, claims: unsigned(claims),
    "with the public key as a shared secret": lambda fake, claims: fake.signed_with_the_public_key(claims),
    "with a key nobody knows": lambda fake, claims: fake.signed(claims, kid="unknown"),
    "with another key of the same name": lambda fake, claims: fake.signed(
        claims, key=RSAKey.generate_key(2048, private=True)
    ),
    "changed afterwards": lambda fake, claims: fake.signed(claims)[:-6] + "AAAAAA",
    "no token at all": lambda fake, claims: "",
    "rubbish": lambda fake, claims: "a.b.c",
}


@pytest.mark.parametrize("sign", SIGNED_OTHERWISE.values(), ids=SIGNED_OTHERWISE)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(client, fake, database, sign):
    fake.sign = lambda claims: sign(fake, claims)

    assert come(client, fake).status_code == 422
    assert not is_in(client)
    assert counted(database, SignIn) == 0


def test_keys_that_were_changed_are_asked_for_once(client, fake):
    come(client, fake)
    client.post("/sign-out")
    fake.key = RSAKey.generate_key(2048, {"kid": "second"}, private=True)
    fake.sign = lambda claims: fake.signed(claims, kid="second")

    assert come(client, fake).status_code == 303
    assert fake.asked.count("/keys") == 2


def test_another_state_is_refused_and_the_code_is_not_even_spent(client, fake):
    back = fake.allow(client.get("/sign-in/openid").location)
    answer = client.get(back.replace("state=", "state=x"))

    assert answer.status_code == 422
    assert "not begun here" in answer.text
    assert fake.codes
    assert client.get(back).status_code == 422, "the question is good for one answer"


def test_an_answer_that_another_browser_began_lets_nobody_in(app, client, fake):
    back = fake.allow(client.get("/sign-in/openid").location)
    other = app.test_client()

    assert other.get(back).status_code == 422
    assert not is_in(other)


def test_a_code_counts_once(client, fake):
    first = client.get("/sign-in/openid").location
    back = fake.allow(first)
    with client.session_transaction() as kept:
        asked = dict(kept)
    assert client.get(back).status_code == 303
    client.post("/sign-out")
    with client.session_transaction() as kept:
        kept.update(asked)

    assert client.get(back).status_code == 422
    assert not is_in(client)


def test_an_answer_in_the_name_of_another_issuer_is_refused(client, fake):
    back = fake.allow(client.get("/sign-in/openid").location)

    assert client.get(f"{back}&iss=https://evil.example").status_code == 422
    assert not is_in(client)


def test_who_says_no_there_reads_it_here(client, fake):
    state = parse_qs(urlsplit(client.get("/sign-in/openid").location).query)["state"][0]
    answer = client.get(f"/sign-in/openid/back?error=access_denied&state={state}")

    assert answer.status_code == 422
    assert "SPID let nobody in" in answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": None},
        {"email": "nobody@ponte.example"}, {"email": "maria@elsewhere.example"},
    ],
    ids=str,
)  # fmt: skip
def test_strangers_and_addresses_that_nobody_verified_get_no_account(client, fake, database, claims):
    before = counted(database, User)
    fake.claims = claims

    answer = come(client, fake)

    assert answer.status_code == 422
    assert "no access here" in answer.text
    assert (counted(database, User), counted(database, Identity)) == (before, 0)


def test_an_address_may_come_from_the_providers_second_answer_about_the_same_person(client, fake):
    fake.claims = {"email": None, "email_verified": None}
    fake.described = {"userinfo_endpoint": f"{fake.address}/userinfo"}
    fake.userinfo = {"email": "maria@ponte.example", "email_verified": True, "sub": "somebody-else"}
    assert come(client, fake).status_code == 422

    del fake.userinfo["sub"]
    assert come(client, fake).status_code == 303


def test_who_took_an_address_over_does_not_get_the_account_that_is_linked(client, fake, database):
    come(client, fake)
    client.post("/sign-out")
    fake.claims = {"sub": "sub-of-the-next-one"}

    assert come(client, fake).status_code == 422
    assert counted(database, Identity) == 1


def test_a_closed_account_stays_closed(client, fake, database, maria):
    come(client, fake)
    client.post("/sign-out")
    database.run(
        Scope(operator=True, reason="tests"), lambda session: setattr(session.get_one(User, maria), "active", False)
    )

    assert come(client, fake).status_code == 422
    assert not is_in(client)


class TestWithoutLettingAnybodyInByAddress:
    @pytest.fixture
    def told(self, fake):
        return fake.told(let_in=frozenset())

    @pytest.fixture
    def generazioni(self, settings):
        """A command with its answer."""

        def run(*words):
            context = Context()
            context.__dict__["settings"] = settings
            return CliRunner().invoke(main_group, words, obj=context)

        return run

    def test_an_administrator_links_somebody_and_takes_it_back_on_the_machine(self, client, fake, generazioni):
        assert "Maria" in generazioni("users", "link-identity", "maria@ponte.example", SUBJECT).output
        assert come(client, fake).status_code == 303
        assert is_in(client)

        assert generazioni("users", "unlink-identity", "maria@ponte.example").exit_code == 0
        assert not is_in(client)
        assert come(client, fake).status_code == 422

    def test_nobody_is_linked_who_has_no_account_and_nobody_unlinked_who_has_no_identity(self, generazioni, maria):
        unknown = generazioni("users", "link-identity", "nobody@ponte.example", SUBJECT)
        assert (unknown.exit_code, str(unknown.exception)) == (1, "Nobody signs in as nobody@ponte.example.")
        unlinked = generazioni("users", "unlink-identity", "maria@ponte.example")
        assert (unlinked.exit_code, "has no identity there" in str(unlinked.exception)) == (1, True)

    def test_only_who_was_linked_by_hand_comes_in(self, client, fake, database, maria):
        assert come(client, fake).status_code == 422

        def link(session):
            identities.link(session, session.get_one(User, maria), issuer=fake.address, subject=SUBJECT)

        database.run(Scope(operator=True, reason="tests"), link)
        assert come(client, fake).status_code == 303


@pytest.fixture
def ada(join: Join, partner: UUID, fake):
    fake.claims = {"email": "ada@ponte.example"}
    return join(partner, "ada@ponte.example", Role.ORG_MANAGER, name="Ada Blu")


@pytest.fixture
def strict(app: Flask) -> Callable[..., None]:
    """Let those who administer need a second factor; with levels, those of the provider count."""

    def require(**changes: Any) -> None:
        told = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(told, second_factor=True, openid=replace(told.openid, **changes))

    return require


def test_a_password_shown_there_still_owes_a_code(client, fake, ada, strict):
    strict()
    fake.claims["amr"] = ["pwd"]

    assert come(client, fake).location.startswith("/sign-in/set-up")
    assert not is_in(client)


def test_more_than_a_password_shown_there_is_enough(client, fake, ada, strict):
    strict()
    fake.claims["amr"] = ["pwd", "otp"]

    assert come(client, fake).location == "/me"
    assert is_in(client)


@pytest.mark.parametrize(("acr", "inside"), [(LEVEL, True), ("https://www.spid.gov.it/SpidL1", False)])
def test_where_levels_are_set_they_are_asked_for_and_a_lower_one_owes_a_code(client, fake, ada, strict, acr, inside):
    strict(levels=(LEVEL,))
    fake.claims |= {"acr": acr, "amr": ["mfa"]}
    asked = client.get("/sign-in/openid").location

    client.get(fake.allow(asked))

    assert parse_qs(urlsplit(asked).query)["acr_values"] == [LEVEL]
    assert is_in(client) is inside


def test_while_the_provider_is_away_there_is_a_sentence_and_the_password(client, running):
    running.stop()
    answer = client.get("/sign-in/openid")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "SPID does not answer now" in answer.text
    assert sign_in(client).status_code == 303
    assert is_in(client)
    running.__init__()


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "ftp://evil.example/token"},
    ],
    ids=str,
)  # fmt: skip
def test_a_description_that_is_not_the_providers_own_is_not_followed(client, fake, described):
    fake.described = described

    assert client.get("/sign-in/openid").status_code == 503


def test_signing_out_here_offers_to_sign_out_there(client, fake):
    come(client, fake)
    answer = client.post("/sign-out")

    assert answer.location == "/sign-in?left=1"
    assert not is_in(client)
    assert f"{fake.address}/out" in client.get(answer.location).text
    sign_in(client)
    assert client.post("/sign-out").location == "/sign-in"


def test_the_password_page_has_a_button_for_it(client):
    assert 'href="/sign-in/openid' in client.get("/sign-in").text


class TestWithoutAProvider:
    @pytest.fixture
    def told(self):
        return None

    def test_nothing_of_it_is_there(self, client):
        assert "openid" not in client.get("/sign-in").text
        assert client.get("/sign-in/openid").status_code == 404
        assert client.get("/sign-in/openid/back?code=a&state=b").status_code == 404


def test_who_has_no_password_confirms_there_who_they_are(client, fake, database, app):
    come(client, fake)
    asked = parse_qs(urlsplit(client.get("/sign-in/openid?again=1&next=/me").location).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])

    fake.claims = {"auth_time": int(time.time()) - 3600}
    assert client.get(fake.allow(client.get("/sign-in/openid?again=1&next=/me").location)).status_code == 422
    fake.claims = {"auth_time": int(time.time()), "sub": "somebody-else"}
    assert client.get(fake.allow(client.get("/sign-in/openid?again=1&next=/me").location)).status_code == 422
    fake.claims = {"auth_time": int(time.time())}
    assert client.get(fake.allow(client.get("/sign-in/openid?again=1&next=/me").location)).location == "/me"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"ISSUER": "https://sso.example"}, "go together"),
        ({"CLIENT_ID": "x"}, "go together"),
        ({"ISSUER": "http://sso.example", "CLIENT_ID": "x"}, "https"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_with_a_sentence(tmp_path, given, wrong):
    told = {f"GENERAZIONI_OIDC_{name}": value for name, value in given.items()}

    with pytest.raises(WrongSetting, match=wrong):
        read_settings({"GENERAZIONI_VAR": str(tmp_path), **told})


def test_the_secret_stands_in_a_file_and_in_no_picture_of_the_settings(tmp_path):
    (tmp_path / "secret").write_text("molto-segreto\n")
    found = read_settings({
        "GENERAZIONI_VAR": str(tmp_path), "GENERAZIONI_OIDC_ISSUER": "https://sso.example",
        "GENERAZIONI_OIDC_CLIENT_ID": "x", "GENERAZIONI_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
        "GENERAZIONI_OIDC_LET_IN": "@Ponte.example, quercia.example",
    })  # fmt: skip

    assert found.openid is not None
    assert found.openid.client_secret == "molto-segreto"
    assert found.openid.let_in == {"ponte.example", "quercia.example"}
    assert "molto-segreto" not in repr(found)

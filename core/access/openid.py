"""Signing in with an OpenID provider: where somebody is sent, and what is believed of who comes back.

Authorization code with PKCE. A token is believed when one of the provider's own keys signed it, for us, a moment
ago, in answer to this very question; whatever else it says, nobody comes in by it. See docs/decisions/0017.
"""

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from core.access.identities import NotBelieved, Shown
from core.config import OpenIdProvider
from core.language import _
from core.refusals import Later

# Signatures that only the provider can make: none at all, or one by a key that both sides know, is no proof.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SCOPE = "openid email profile"
PATIENCE, LARGEST, LEEWAY = 5, 1024 * 1024, 60  # seconds, bytes, seconds that clocks may differ
KNOWN_FOR = 3600
# Ways of having shown more than a password (RFC 8176); what a provider calls a level stands in the settings.
STRONG_WAYS = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fido", "face", "fpt"})


class Question(NamedTuple):
    """What one browser was sent to the provider with: only it can bring the answer back."""

    state: str
    nonce: str
    verifier: str


def new_question() -> Question:
    """Secrets for one way to the provider and back."""
    return Question(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))


class Provider:
    """An OpenID provider as its own description says, asked again each hour."""

    def __init__(self, told: OpenIdProvider) -> None:
        self.told = told
        self._described: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._until = 0.0

    def address(self, question: Question, *, redirect_uri: str, again: bool = False) -> str:
        """Where the browser goes; `again` has the provider ask even who is signed in there."""
        client = self._client(redirect_uri)
        asked: dict[str, Any] = {"prompt": "login", "max_age": "0"} if again else {}
        if self.told.levels:
            asked["acr_values"] = " ".join(self.told.levels)
        url, _state = client.create_authorization_url(
            self.described["authorization_endpoint"], state=question.state, nonce=question.nonce,
            code_verifier=question.verifier, **asked,
        )  # fmt: skip
        return str(url)

    def who(self, question: Question, answer: Mapping[str, str], *, redirect_uri: str) -> Shown:
        """Who came back with this answer to the question; `NotBelieved` when it proves nobody."""
        if not hmac.compare_digest(answer.get("state", "").encode(), question.state.encode()):
            raise NotBelieved(_("This sign-in was not begun here, or was used already: begin again."))
        if answer.get("iss", self.told.issuer) != self.told.issuer:
            raise NotBelieved(_("Another service answered than the one that was asked: begin again."))
        if answer.get("error") or not answer.get("code"):
            raise NotBelieved(
                _("%(service)s let nobody in. Begin again, or use your password.", service=self.told.name)
            )
        token = self._exchange(answer["code"], question, redirect_uri)
        claims = self._believed(token, question)
        email = self._email(claims, token, redirect_uri)
        return Shown(
            issuer=self.told.issuer, subject=str(claims["sub"]), email=email, strong=self._is_strong(claims),
            shown_at=int(claims.get("auth_time") or claims["iat"]),
        )  # fmt: skip

    def way_out(self) -> str:
        """Where one signs out there too; empty when the provider has no such page, or does not answer."""
        try:
            return str(self.described.get("end_session_endpoint", ""))
        except Later:
            return ""

    @property
    def described(self) -> dict[str, Any]:
        """The provider's description of itself."""
        if time.monotonic() >= self._until:
            issuer = self.told.issuer
            found = self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise self._away()
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(str(found.get(name, "")), like=issuer):
                    raise self._away()
            self._described, self._keys, self._until = found, None, time.monotonic() + KNOWN_FOR
        return self._described

    def _exchange(self, code: str, question: Question, redirect_uri: str) -> dict[str, Any]:
        """The code for a token; a code that was used, or that another browser brings, gets none."""
        client = self._client(redirect_uri)
        try:
            return dict(client.fetch_token(
                self.described["token_endpoint"], grant_type="authorization_code", code=code,
                code_verifier=question.verifier, allow_redirects=False,
            ))  # fmt: skip
        except requests.RequestException as error:
            raise self._away() from error
        except (AuthlibBaseError, ValueError) as error:
            raise self._no() from error

    def _believed(self, token: Mapping[str, Any], question: Question) -> Any:
        """What the token says, once its signature and all that must be true of it are."""
        try:
            read = self._verified(str(token.get("id_token", "")))
            claims = CodeIDToken(
                read.claims, read.header,
                {"iss": {"essential": True, "value": self.told.issuer},
                 "aud": {"essential": True, "value": self.told.client_id}},
                {"nonce": question.nonce, "client_id": self.told.client_id, "access_token": token.get("access_token")},
            )  # fmt: skip
            claims.validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise self._no() from error
        if not claims.get("nonce") or not claims.get("sub"):
            raise self._no()
        return claims

    def _verified(self, text: str) -> Any:
        """The token, opened with the key that it names; keys that are not known yet are asked for once."""
        try:
            return jwt.decode(text, self._key_set(), algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:  # it names a key that is not among them: they may have been changed
            return jwt.decode(text, self._key_set(again=True), algorithms=list(ALGORITHMS))

    def _key_set(self, *, again: bool = False) -> KeySet:
        address = self.described["jwks_uri"]
        if self._keys is None or again:
            found = self._fetch(address)
            keys = [one for one in found.get("keys", ()) if one.get("kty") in {"RSA", "EC", "OKP"}]
            self._keys = KeySet.import_key_set({"keys": keys})
        return self._keys

    def _email(self, claims: Any, token: Mapping[str, Any], redirect_uri: str) -> str:
        """The address that the provider verified; empty when it verified none."""
        told: Mapping[str, Any] = claims
        if "email" not in claims and _is_safe(str(self.described.get("userinfo_endpoint", "")), like=self.told.issuer):
            told = self._fetch(self.described["userinfo_endpoint"], bearer=str(token.get("access_token", "")))
            if told.get("sub") != claims["sub"]:
                raise self._no()
        verified = told.get("email_verified") is True
        return str(told.get("email", "")).strip().lower() if verified else ""

    def _is_strong(self, claims: Any) -> bool:
        ways = {str(one) for one in claims.get("amr") or ()}
        return claims.get("acr") in self.told.levels if self.told.levels else bool(ways & STRONG_WAYS)

    def _client(self, redirect_uri: str) -> OAuth2Session:
        methods = self.described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        return OAuth2Session(
            self.told.client_id, self.told.client_secret, scope=SCOPE, redirect_uri=redirect_uri,
            token_endpoint_auth_method=method if self.told.client_secret else "none", code_challenge_method="S256",
            default_timeout=PATIENCE,
        )  # fmt: skip

    def _fetch(self, address: str, *, bearer: str = "") -> dict[str, Any]:
        """A JSON object from the provider: soon, not large, and from nowhere else than was asked."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            with requests.get(
                address, headers=headers, timeout=PATIENCE, allow_redirects=False, stream=True
            ) as answer:  # fmt: skip
                body = answer.raw.read(LARGEST + 1, decode_content=True)
                if answer.status_code != requests.codes.ok or len(body) > LARGEST:
                    raise self._away()
                found = json.loads(body)
        except (requests.RequestException, ValueError, OSError) as error:
            raise self._away() from error
        if not isinstance(found, dict):
            raise self._away()
        return found

    def _away(self) -> Later:
        return Later(
            _("%(service)s does not answer now. Sign in with your password, or try again in a while.",
              service=self.told.name)
        )  # fmt: skip

    def _no(self) -> NotBelieved:
        return NotBelieved(
            _("What %(service)s answered proves nobody's identity: begin again, or use your password.",
              service=self.told.name)
        )  # fmt: skip


def _is_safe(address: str, *, like: str) -> bool:
    """Whether an address of the provider's is by https, or as plain as the issuer's own, which is this machine."""
    scheme = urlsplit(address).scheme
    return scheme == "https" or (scheme == "http" and urlsplit(like).scheme == "http")

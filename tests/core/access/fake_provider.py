"""An OpenID provider on this machine that can be made to lie in each of the ways that a client must see through."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from core.config import OpenIdProvider

KEY = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
CLIENT, SECRET = "generazioni", "segreto-del-cliente"
SUBJECT = "sub-4711"
Claims = dict[str, Any]


def unsigned(claims: Claims) -> str:
    """A token with algorithm none."""
    return f"{_signing_input({'alg': 'none'}, claims)}."


def _signing_input(header: Claims, claims: Claims) -> str:
    return ".".join(_said(json.dumps(one).encode()) for one in (header, claims))


def _said(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class FakeProvider:
    """`claims` are changed as a test wants; `sign` makes a token of them, honestly unless a test says otherwise."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: KEY)
    claims: Claims = field(default_factory=dict)
    sign: Callable[[Claims], str] | None = None
    userinfo: Claims = field(default_factory=dict)
    described: Claims = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def told(self, **changes: Any) -> OpenIdProvider:
        """The settings of who signs in with it."""
        given = {"name": "SPID", "let_in": frozenset({"ponte.example"}), **changes}
        return OpenIdProvider(self.address, CLIENT, SECRET, **given)

    def allow(self, location: str) -> str:
        """What the browser brings back from the address that it was sent to, once somebody signed in there."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = sent
        return f"{urlsplit(sent['redirect_uri']).path}?{urlencode({'code': code, 'state': sent['state']})}"

    def token_for(self, nonce: str) -> str:
        at = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": SUBJECT, "iat": at, "exp": at + 300, "nonce": nonce,
                  "email": "maria@ponte.example", "email_verified": True} | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.sign(claims) if self.sign else self.signed(claims)

    def signed(self, claims: Claims, *, kid: str = "first", key: RSAKey | None = None) -> str:
        return jwt.encode({"alg": "RS256", "kid": kid}, claims, key or self.key)

    def signed_with_the_public_key(self, claims: Claims) -> str:
        """HS256, with what everybody knows as the secret."""
        signing = _signing_input({"alg": "HS256", "kid": "first"}, claims)
        return f"{signing}.{_said(hmac.digest(self.key.as_pem(private=False), signing.encode(), 'sha256'))}"

    def serve(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        answer = {
            "/.well-known/openid-configuration": self._description, "/keys": self._keys, "/token": self._token,
            "/userinfo": lambda request: {"sub": SUBJECT, **self.userinfo},
        }[request.path](request)  # fmt: skip
        status = 400 if "error" in answer else 200
        return Response(json.dumps(answer), status, content_type="application/json")(environ, start)

    def _description(self, request: Request) -> Claims:
        return {
            "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/out", **self.described,
        }  # fmt: skip

    def _keys(self, request: Request) -> Claims:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self, request: Request) -> Claims:
        sent = self.codes.pop(request.form.get("code", ""), None)
        verifier = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        known = request.authorization is not None and (
            request.authorization.username, request.authorization.password) == (CLIENT, SECRET)  # fmt: skip
        challenge = _said(verifier)
        if not known or sent is None or sent["code_challenge"] != challenge:
            return {"error": "invalid_grant"}
        if sent["redirect_uri"] != request.form.get("redirect_uri") or sent["code_challenge_method"] != "S256":
            return {"error": "invalid_grant"}
        return {"access_token": "a" * 20, "token_type": "Bearer", "id_token": self.token_for(sent["nonce"])}


class Running:
    """The provider, listening until it is stopped."""

    def __init__(self) -> None:
        self.provider = FakeProvider()
        self.server = make_server("127.0.0.1", 0, self.provider.serve, threaded=True)
        self.provider.address = f"http://127.0.0.1:{self.server.port}"
        self.thread = Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

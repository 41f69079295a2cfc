"""NHS CIS2 and NHS login, against a provider of our own on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pytest_django.fixtures import Settings
from tests.service.accounts.conftest import shown
from tests.service.conftest import World

from unhurried.service.accounts.models import Membership, OpenIdLink, User

CLIENT = "unhurried-client"
Change = Callable[[dict[str, Any]], None]


@dataclass
class Idp:
    """A provider that keeps to the rules, but for what a test tells it."""

    ours: RSAKey  # the client's public half
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, private=True))
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    change: Change = lambda _claims: None
    alg: str = "RS256"
    sign_with: Any = None
    issuer: str = ""  # what the discovery document says, when not the truth
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    assertions: set[str] = field(default_factory=set)

    def authorise(self, where: str) -> str:
        """Somebody signs in at our page; the code they come back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Exchange a code, once, for who can prove to be the client and to have asked."""
        asked = self.codes.pop(form["code"], None)
        proof = jwt.decode(form["client_assertion"], self.ours, algorithms=["RS512"]).claims
        fresh = proof["jti"] not in self.assertions and proof["exp"] > time.time()
        self.assertions.add(proof["jti"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = (
            asked is not None and fresh and proof["iss"] == proof["sub"] == CLIENT
            and proof["aud"] == f"{self.address}/token" and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == form["redirect_uri"]
        )  # fmt: skip
        if not good or asked is None:
            return None
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "subject-1", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        self.change(claims)
        return {"id_token": self.signed(claims), "access_token": "x", "token_type": "Bearer"}

    def signed(self, claims: dict[str, Any]) -> str:
        """The token, signed as the test wants it."""
        if self.alg == "none":
            parts = ({"alg": "none"}, claims)
            raw = [
                base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts
            ]
            return b".".join([*raw, b""]).decode()
        key = self.sign_with or self.key
        return jwt.encode({"alg": self.alg, "kid": "1"}, claims, key, algorithms=[self.alg])


@pytest.fixture
def idp(tmp_path: Path, settings: Settings) -> Iterator[Idp]:
    """The provider, answering on loopback, and the settings that name it."""
    ours = RSAKey.generate_key(2048, private=True)
    made = Idp(ours)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("openid-configuration"):
                self.say(
                    {
                        "issuer": made.issuer or made.address,
                        "authorization_endpoint": f"{made.address}/authorise",
                        "token_endpoint": f"{made.address}/token",
                        "jwks_uri": f"{made.address}/keys",
                    }
                )
            else:
                public = {**made.key.as_dict(private=False), "kid": "1"}
                self.say({"keys": [public]})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = made.token({name: each[0] for name, each in parse_qs(text).items()})
            self.say(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def say(self, what: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(what).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    key = tmp_path / "key.pem"
    key.write_bytes(ours.as_pem(private=True))
    settings.OPENID = {
        "cis2": {"issuer": made.address, "client": CLIENT, "key": str(key)}, "nhs-login": {},
    }  # fmt: skip
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def come_back(client: Client, idp: Idp, with_: str = "cis2", **instead: str) -> Any:
    """Go there, sign in there, come back."""
    where = client.get(f"/sign-in/with/{with_}/")["Location"]
    state = parse_qs(urlsplit(where).query)["state"][0]
    sent = {"code": idp.authorise(where), "state": state, **instead}
    return client.get(f"/sign-in/with/{with_}/back/", sent)


@pytest.fixture
def member(world: World) -> Membership:
    """Somebody who has an account here."""
    return world.member("gp")


def known(idp: Idp, user: User, **more: Any) -> None:
    idp.claims = {"email": user.email.upper(), "email_verified": True, **more}


def test_it_is_off_until_the_settings_name_a_provider(client: Client, db: None) -> None:
    assert client.get("/sign-in/with/cis2/").status_code == 404
    assert client.get("/sign-in/with/cis2/back/").status_code == 404
    assert b"Care Identity" not in client.get("/sign-in/").content


def test_two_factors_given_there_are_enough_here(idp: Idp, member: Membership) -> None:
    known(idp, member.user, authentication_assurance_level="3")
    client = Client()
    assert b"Care Identity" in client.get("/sign-in/").content
    assert come_back(client, idp)["Location"] == "/"
    assert client.get("/account/").status_code == 200
    link = OpenIdLink.objects.get()
    assert (link.user, link.subject) == (member.user, "subject-1")


def test_one_factor_there_still_needs_one_here(idp: Idp, member: Membership) -> None:
    known(idp, member.user, authentication_assurance_level="1", acr="AAL1")
    client = Client()
    come_back(client, idp)
    assert client.get("/account/")["Location"] == "/account/second-step/"


def test_the_link_made_once_holds_when_the_address_changes(idp: Idp, member: Membership) -> None:
    known(idp, member.user, acr="AAL2")
    come_back(Client(), idp)
    idp.claims = {"acr": "AAL2"}
    client = Client()
    come_back(client, idp)
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("held", ["now", "ended", "later", "linked before"])
def test_a_patients_sign_in_never_opens_an_account_for_work(
    idp: Idp, member: Membership, settings: Settings, held: str
) -> None:
    settings.OPENID = {**settings.OPENID, "nhs-login": settings.OPENID["cis2"]}
    if held == "ended":
        member.ends = timezone.localdate()
    elif held == "later":
        member.starts = timezone.localdate() + timedelta(days=30)
    member.save()
    if held == "linked before":
        OpenIdLink.objects.create(
            user=member.user, issuer=idp.address, subject="subject-1", linked_at=timezone.now()
        )
    before = OpenIdLink.objects.count()
    known(idp, member.user, vot="P9.Cp.Cd")
    client = Client()
    answer = come_back(client, idp, "nhs-login")
    assert answer.status_code == 403
    assert "for patients" in shown(answer)
    assert client.get("/account/").status_code == 302
    assert OpenIdLink.objects.count() == before


def test_a_patient_signs_in_with_nhs_login(idp: Idp, world: World, settings: Settings) -> None:
    settings.OPENID = {**settings.OPENID, "nhs-login": settings.OPENID["cis2"]}
    person = world.member("patient")
    known(idp, person.user, vot="P9.Cp.Cd")
    assert come_back(Client(), idp, "nhs-login").status_code == 302
    assert OpenIdLink.objects.get().user == person.user


def test_an_account_is_never_made_and_an_address_not_verified_is_not_believed(
    idp: Idp, member: Membership
) -> None:
    before = User.objects.count()
    for claims in (
        {"email": "stranger@example.org", "email_verified": True},
        {"email": member.user.email}, {"email": member.user.email, "email_verified": "true"}, {},
    ):  # fmt: skip
        idp.claims = {**claims, "acr": "AAL3"}
        answer = come_back(Client(), idp)
        assert "Nobody here is linked" in shown(answer)
    assert User.objects.count() == before
    assert not OpenIdLink.objects.exists()


def test_another_subject_with_the_same_address_does_not_take_the_account(
    idp: Idp, member: Membership
) -> None:
    known(idp, member.user, acr="AAL3")
    come_back(Client(), idp)
    known(idp, member.user, acr="AAL3", sub="subject-2")
    assert "linked to another NHS sign-in" in shown(come_back(Client(), idp))


CHANGES: dict[str, Change] = {
    "wrong nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "wrong issuer": lambda claims: claims.update(iss="https://evil.example"),
    "for another client": lambda claims: claims.update(aud="another"),
    "for several, not by us": lambda claims: claims.update(aud=[CLIENT, "x"], azp="x"),
    "expired": lambda claims: claims.update(exp=int(time.time()) - 120),
    "never expires": lambda claims: claims.pop("exp"),
    "from the future": lambda claims: claims.update(iat=int(time.time()) + 600),
    "no subject": lambda claims: claims.pop("sub"),
    "empty subject": lambda claims: claims.update(sub=""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_token_that_is_not_right_is_refused(idp: Idp, member: Membership, name: str) -> None:
    known(idp, member.user, acr="AAL3")
    idp.change = CHANGES[name]
    client = Client()
    answer = come_back(client, idp)
    assert answer.status_code == 403
    assert "cannot be trusted" in shown(answer)
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("how", ["unsigned", "another key", "a shared secret", "two keys' mix-up"])
def test_a_token_not_signed_by_the_provider_is_refused(
    idp: Idp, member: Membership, how: str
) -> None:
    known(idp, member.user, acr="AAL3")
    if how == "unsigned":
        idp.alg = "none"
    elif how == "another key":
        idp.sign_with = RSAKey.generate_key(2048, private=True)
    else:
        public = idp.key.as_pem(private=False)
        idp.alg, idp.sign_with = "HS256", OctKey.import_key(base64.b64encode(public))
    assert "cannot be trusted" in shown(come_back(Client(), idp))


def test_an_answer_nobody_asked_for_is_refused(idp: Idp, member: Membership) -> None:
    known(idp, member.user, acr="AAL3")
    for instead in ({"state": "another"}, {"state": ""}, {"state": "\u00e9"}):
        assert "not begun here" in shown(come_back(Client(), idp, **instead))
    other = Client().get("/sign-in/with/cis2/back/", {"code": "code-0", "state": "x"})
    assert "not begun here" in shown(other)


def test_a_code_used_before_is_refused(idp: Idp, member: Membership) -> None:
    known(idp, member.user, acr="AAL3")
    client = Client()
    where = client.get("/sign-in/with/cis2/")["Location"]
    sent = {"code": idp.authorise(where), "state": parse_qs(urlsplit(where).query)["state"][0]}
    assert client.get("/sign-in/with/cis2/back/", sent).status_code == 302
    client.post("/sign-out/")
    assert "not begun here" in shown(client.get("/sign-in/with/cis2/back/", sent))
    again = Client()
    second = again.get("/sign-in/with/cis2/")["Location"]
    sent["state"] = parse_qs(urlsplit(second).query)["state"][0]
    assert "did not accept" in shown(again.get("/sign-in/with/cis2/back/", sent))


def test_somebody_elses_code_is_useless_without_what_was_asked_with_it(
    idp: Idp, member: Membership
) -> None:
    known(idp, member.user, acr="AAL3")
    stolen = idp.authorise(Client().get("/sign-in/with/cis2/")["Location"])
    assert "did not accept" in shown(come_back(Client(), idp, code=stolen))


def test_a_discovery_document_of_another_issuer_is_refused(idp: Idp, db: None) -> None:
    idp.issuer = "https://evil.example"
    assert "cannot be trusted" in shown(Client().get("/sign-in/with/cis2/"))


def test_a_provider_that_is_away_is_said_so(idp: Idp, settings: Settings, db: None) -> None:
    settings.OPENID = {"cis2": {**settings.OPENID["cis2"], "issuer": "http://127.0.0.1:9"}}
    assert "cannot be reached" in shown(Client().get("/sign-in/with/cis2/"))

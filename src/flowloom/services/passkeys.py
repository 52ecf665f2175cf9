"""Passkeys as browsers speak of them (WebAuthn), by py_webauthn, which is loaded when one is first asked for.

A passkey belongs to a name, so an app that is reached by a number has none; and browsers have them over HTTPS
alone, or on this computer.
"""

import ipaddress
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from flowloom.errors import FlowloomError

Json = dict[str, Any]
APP = "Flowloom"
MILLISECONDS = 120_000


class PasskeyError(FlowloomError):
    """A passkey that is none, or that is not for this."""

    code = "people.passkey"


class Site(NamedTuple):
    """The app as a browser knows it: the name that its passkeys belong to, and its whole origin."""

    host: str
    origin: str


class Made(NamedTuple):
    """A new passkey."""

    id: str
    key: bytes
    counter: int


def site_of(scheme: str, host: str, port: str) -> Site | None:
    """The site of an address; None where browsers have no passkeys."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return None
    if not host or (scheme != "https" and host != "localhost"):
        return None
    return Site(host, f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}")


def making(site: Site, challenge: bytes, account: str, name: str, shown: str, known: Sequence[str]) -> Json:
    """What a browser needs to make a passkey; `known` are those that the device shall not make again."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name=APP,
        user_id=account.encode(),
        user_name=name,
        user_display_name=shown,
        challenge=challenge,
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
    )
    return _read(options_to_json(options))


def made(site: Site, challenge: bytes, answer: Json) -> Made:
    """The passkey that a browser made. Raises PasskeyError."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _wrong():
        raise _refused() from None
    return Made(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def asking(site: Site, challenge: bytes) -> Json:
    """What a browser needs to sign in with whichever passkey it has for us."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _read(options_to_json(options))


def shown(site: Site, challenge: bytes, answer: Json, key: bytes, counter: int) -> int:
    """How often the device says the passkey was used, where it signed what it was asked. Raises PasskeyError."""
    from webauthn import verify_authentication_response

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except _wrong():
        raise _refused() from None
    return found.new_sign_count


def challenge_in(answer: Json) -> bytes:
    """Which question a browser says it answers; checked with the rest. Raises PasskeyError."""
    from webauthn import base64url_to_bytes

    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return base64url_to_bytes(said["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused() from None


def _read(options: str) -> Json:
    found: Json = json.loads(options)
    return found


def _wrong() -> tuple[type[Exception], ...]:
    """What the library raises of what somebody else wrote: also what its parts do."""
    from struct import error

    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    parts = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
    return (WebAuthnException, InvalidSignature, UnsupportedAlgorithm, error, *parts)


def _refused() -> PasskeyError:
    return PasskeyError("This passkey couldn’t be used.", "Try again, or sign in with your password.")

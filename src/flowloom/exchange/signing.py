"""The signature of a capsule: Ed25519 (RFC 8032) over its list of parts, which holds the hash of each.

It says that nothing was changed since whoever has the key signed it; who that is, a signature cannot say.
"""

import base64
import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from flowloom.errors import FlowFileError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LARGEST = 2_000
AUTHOR_KEY = "capsule author"
"""The name under which the key that signs capsules, and the feed of the store, is kept."""


class Signed(NamedTuple):
    """A signature that fits. `key` is the public key in base64."""

    key: str

    @property
    def fingerprint(self) -> str:
        """A short form of the key that two people can compare: four groups of four signs."""
        found = hashlib.sha256(self.key.encode()).hexdigest()[:16].upper()
        return " ".join(found[at : at + 4] for at in range(0, 16, 4))


def new_key() -> str:
    """A private key, as it is kept among the secrets."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def signature_of(manifest: bytes, key: str) -> bytes:
    """The signature part of a capsule with this list of parts."""
    private = _private(key)
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    signature = base64.b64encode(private.sign(manifest)).decode()
    return json.dumps({"key": public, "signature": signature}).encode()


def public_of(key: str) -> str:
    """The public key of a private one, in base64."""
    return base64.b64encode(_private(key).public_key().public_bytes_raw()).decode()


def sign(data: bytes, key: str) -> str:
    """A signature of anything by a private key, in base64."""
    return base64.b64encode(_private(key).sign(data)).decode()


def fits(data: bytes, signature: str, key: str) -> bool:
    """Whether this is a signature of the data by whoever has the key; both in base64."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def check_signature(manifest: bytes, part: bytes) -> Signed:
    """Who signed this. Raises FlowFileError where the signature does not fit."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        said = json.loads(part)
        key = base64.b64decode(said["key"], validate=True)
        signature = base64.b64decode(said["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, manifest)
        return Signed(base64.b64encode(key).decode())
    except (InvalidSignature, ValueError, KeyError, TypeError, RecursionError):
        raise FlowFileError(
            "This capsule was changed after its author signed it.",
            "Nothing was imported. Ask its author for the file again.",
            code="file.signature",
        ) from None


def _private(key: str) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))

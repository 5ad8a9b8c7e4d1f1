"""Signing keys of the simulated vendors: the same each time, so that a deployment can know the public half."""

import base64
import hashlib

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)


def p256_key(name: str) -> ec.EllipticCurvePrivateKey:
    """No secret at all: whoever knows the name knows the key."""
    number = int.from_bytes(hashlib.sha512(name.encode()).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def public_base64(key: ec.EllipticCurvePrivateKey) -> str:
    """SubjectPublicKeyInfo, DER, in base64: a PEM file without its first and last line."""
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def signed_base64(key: ec.EllipticCurvePrivateKey, content: bytes) -> str:
    """ECDSA with SHA-256, DER, in base64."""
    return base64.b64encode(key.sign(content, ec.ECDSA(hashes.SHA256()))).decode()

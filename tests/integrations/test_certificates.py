"""A certificate's end is read from the handshake, also of one that nobody would trust."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.certificates.client import certificate_ends
from integrations.errors import Unreachable
from tests.kit.product import free_port

ENDS = datetime(2026, 12, 9, 10, 11, 12, tzinfo=UTC)


def server_context(folder: Path) -> ssl.SSLContext:
    """One that shows a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "seguito.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(ENDS - timedelta(days=90))
        .not_valid_after(ENDS)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "shown.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def test_the_end_of_a_certificate_is_read(tmp_path: Path) -> None:
    port = free_port()
    server = await asyncio.start_server(
        lambda _, writer: writer.close(), "127.0.0.1", port, ssl=server_context(tmp_path)
    )
    async with server:
        assert await certificate_ends("127.0.0.1", port) == ENDS


async def test_who_shows_none_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await certificate_ends("127.0.0.1", free_port())

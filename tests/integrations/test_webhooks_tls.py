"""A webhook's receiver proves its name, although we connect to an address."""

import datetime
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.webhooks.client import CheckedTransport
from integrations.webhooks.types import AddressPolicy

Serve = Callable[[str], object]


def certificate(name: str, place: Path) -> tuple[str, str]:
    """A self-signed certificate for this name, and its key, in one file; its text and path."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = place / "receiver.pem"
    file.write_bytes(text + secret)
    return text.decode(), str(file)


@pytest_asyncio.fixture
async def call(tmp_path: Path) -> AsyncIterator[Callable[[str], object]]:
    """Call https://localhost, where the server's trusted certificate is for the name given."""
    runners: list[web.ServerRunner] = []

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(text="ok")

    async def call(name: str) -> int:
        trusted, file = certificate(name, tmp_path)
        ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ours.load_cert_chain(file)
        runner = web.ServerRunner(web.Server(answer))
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ours).start()
        port = runner.addresses[0][1]
        wire = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cadata=trusted))
        async with httpx.AsyncClient(
            transport=CheckedTransport(AddressPolicy.ANYONE, wire)
        ) as client:
            return (await client.post(f"https://localhost:{port}/")).status_code

    yield call
    for runner in runners:
        await runner.cleanup()


async def test_the_certificate_must_be_the_receivers(call: Callable[[str], object]) -> None:
    assert await call("localhost") == 200


async def test_another_names_certificate_is_refused(call: Callable[[str], object]) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await call("other.example")

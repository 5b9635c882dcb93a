"""When a server's certificate ends, read from its handshake; nothing else is sent."""

import asyncio
import ssl
from datetime import datetime, timedelta

from cryptography import x509

from integrations.errors import Unreachable

VENDOR = "certificates"
DEADLINE = timedelta(seconds=10)


async def certificate_ends(host: str, port: int) -> datetime:
    """The end of the certificate that is shown for this name, valid or not; raises Unreachable."""
    # It is looked at, not relied on: one that has ended already must be readable, too.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.transport.abort()
    except (OSError, TimeoutError) as error:
        raise Unreachable(VENDOR, type(error).__name__) from error
    return x509.load_der_x509_certificate(shown).not_valid_after_utc

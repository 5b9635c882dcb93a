"""The imitated mail server: who may send what, its faults, and the mail as its reader sees it."""

import asyncio
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib
import pytest

from integrations.sandbox.smtp.vendor import Smtp
from tests.sandbox.outside_stage import Outside, outside

KEY = "CHA-0A1B2C3D-4E5F6071-8293A4B5-C6D7E8F9"


def letter(to: str = "olga@customer.example", **headers: str) -> EmailMessage:
    message = EmailMessage()
    written = {
        "From": "Seguito <licenses@seguito.example>",
        "To": to,
        "Subject": "Your license — grüße",
        "Date": "Sat, 21 Nov 2026 12:00:00 +0000",
        "Message-ID": "<eml_1@seguito.example>",
        **headers,
    }
    for name, value in written.items():
        if value:
            message[name] = value
    message.set_content(f"Hello Olga,\n\nyour key is {KEY}\n")
    message.add_alternative(f"<p>Your key is <b>{KEY}</b></p>", subtype="html")
    return message


async def send(
    world: Outside, message: EmailMessage, *, password: str | None = None, patience: float = 5
) -> str:
    url = urlsplit(world.env["SMTP_URL"])
    _, reply = await aiosmtplib.send(
        message,
        hostname=url.hostname,
        port=url.port,
        username=url.username,
        password=password or url.password,
        timeout=patience,
    )
    return str(reply)


async def test_a_mail_is_shown_as_its_reader_sees_it(world: Outside) -> None:
    await send(world, letter())
    (mail,) = world.sandbox.of(Smtp).server.to("Olga@customer.example")
    assert KEY in mail.text
    assert KEY in mail.html
    shown = (await world.http.get("/panel/api/outside")).json()["smtp"][0]
    assert shown["subject"] == "Your license — grüße"
    assert shown["headers"]["Message-ID"] == "<eml_1@seguito.example>"
    assert KEY in shown["text"]


async def test_the_journal_knows_the_addresses_but_not_the_key(world: Outside) -> None:
    await send(world, letter())
    entry = world.sandbox.journal.entries(vendor="smtp")[-1]
    assert (entry["method"], entry["status"]) == ("SEND", 250)
    assert entry["request"]["body"]["to"] == ["olga@customer.example"]
    assert "C6D7E8F9" not in str(entry)


async def test_nobody_sends_without_the_right_password(world: Outside) -> None:
    with pytest.raises(aiosmtplib.SMTPAuthenticationError):
        await send(world, letter(), password="wrong")
    url = urlsplit(world.env["SMTP_URL"])
    with pytest.raises(aiosmtplib.SMTPException) as refused:
        await aiosmtplib.send(letter(), hostname=url.hostname, port=url.port)
    assert "530" in str(refused.value)
    assert world.sandbox.of(Smtp).server.mails == []


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"From": "Someone <someone@elsewhere.example>"}, "not verified"),
        ({"Subject": ""}, "Subject"),
        ({"Date": ""}, "Date"),
        ({"Message-ID": ""}, "Message-ID"),
        ({"To": "nobody@bounce.example"}, "No such mailbox"),
    ],
)
async def test_what_no_provider_would_take_is_refused(
    world: Outside, headers: dict[str, str], says: str
) -> None:
    with pytest.raises(aiosmtplib.SMTPException, match=says):
        await send(world, letter(**headers))
    assert world.sandbox.of(Smtp).server.mails == []


async def test_a_mail_may_be_refused_for_now_or_for_good(world: Outside) -> None:
    await world.fault(vendor="smtp", operation="send", kind="temporary")
    with pytest.raises(aiosmtplib.SMTPDataError) as later:
        await send(world, letter())
    await world.fault(vendor="smtp", kind="permanent")
    with pytest.raises(aiosmtplib.SMTPDataError) as never:
        await send(world, letter())
    assert (later.value.code, never.value.code) == (451, 550)
    assert world.sandbox.of(Smtp).server.mails == []
    await send(world, letter())
    assert len(world.sandbox.of(Smtp).server.mails) == 1


async def test_a_lost_reply_comes_after_the_mail_was_taken(world: Outside) -> None:
    await world.fault(vendor="smtp", kind="lost_reply")
    with pytest.raises(aiosmtplib.SMTPException):
        await send(world, letter())
    assert len(world.sandbox.of(Smtp).server.mails) == 1
    assert world.sandbox.journal.entries(vendor="smtp")[-1]["status"] == 0


async def test_a_slow_or_silent_server_is_told_by_the_clients_clock(world: Outside) -> None:
    await world.fault(vendor="smtp", kind="slow", seconds=0.2)
    await send(world, letter())
    await world.fault(vendor="smtp", kind="timeout")
    with pytest.raises(aiosmtplib.SMTPException):
        await send(world, letter(), patience=0.3)
    assert len(world.sandbox.of(Smtp).server.mails) == 1


async def test_a_server_that_was_away_comes_back_on_its_port(world: Outside) -> None:
    await world.sandbox.of(Smtp).server.close()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(world, letter(), patience=1)
    await world.sandbox.of(Smtp).server.open()
    await send(world, letter())
    assert len(world.sandbox.of(Smtp).server.mails) == 1


async def test_an_open_connection_does_not_keep_the_sandbox_from_stopping() -> None:
    async with asyncio.timeout(10):
        async with outside() as world:
            url = urlsplit(world.env["SMTP_URL"])
            reader, writer = await asyncio.open_connection(url.hostname, url.port)
            assert (await reader.readline()).startswith(b"220")
        assert await reader.read() == b""
        writer.close()

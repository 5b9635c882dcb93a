"""Handing an e-mail to a mail server: what is sent, and what each of its failures means."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.http import ClientOptions
from integrations.smtp.client import Mailer
from integrations.smtp.errors import Unconfirmed
from integrations.smtp.types import Server, read_server
from tests.integrations.fake_mail_server import HANG_UP, SILENCE, FakeMailServer, fake_mail_server

QUICK = ClientOptions(deadline=timedelta(seconds=0.3))


@pytest_asyncio.fixture
async def server():
    async with fake_mail_server() as fake:
        yield fake


def mailer(fake: FakeMailServer, **more: str) -> Mailer:
    return Mailer(Server("127.0.0.1", fake.port, tls=False, **more), QUICK)


async def send(fake: FakeMailServer, **more: str) -> None:
    message = EmailMessage(policy=SMTP)
    message["To"] = "ann@acme.example"
    message["Subject"] = "Hello"
    message.set_content(".\nà la carte\n", cte="quoted-printable")
    await mailer(fake, **more).send(message, sender="us@home.example", to="ann@acme.example")


async def test_a_message_is_handed_over_whole(server: FakeMailServer) -> None:
    await send(server)
    assert server.commands == [
        "EHLO home.example",
        "MAIL FROM:<us@home.example>",
        "RCPT TO:<ann@acme.example>",
        "DATA",
        "QUIT",
    ]
    # A line that is one dot would end the message.
    assert b"\r\n..\r\n=C3=A0 la carte" in server.messages[0]


async def test_who_has_a_password_signs_in_with_it(server: FakeMailServer) -> None:
    await send(server, username="us", password="p/w")
    assert any(line.startswith("AUTH") for line in server.commands)


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "DATA", "MESSAGE"])
async def test_a_4xx_reply_may_be_tried_again(server: FakeMailServer, where: str) -> None:
    server.script[where] = "451 4.3.0 later"
    with pytest.raises(Unreachable, match=r"451 4\.3\.0 later") as told:
        await send(server)
    assert not isinstance(told.value, Unconfirmed)


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "DATA", "MESSAGE"])
async def test_a_5xx_reply_is_final(server: FakeMailServer, where: str) -> None:
    server.script[where] = "550 5.1.1 no such mailbox"
    with pytest.raises(RefusedByVendor) as told:
        await send(server)
    assert told.value.code == "550"


@pytest.mark.parametrize("greeting", ["421 busy", "554 not you", HANG_UP, SILENCE])
async def test_a_server_that_does_not_let_us_in_may_do_so_later(
    server: FakeMailServer, greeting: str
) -> None:
    server.script["GREETING"] = greeting
    with pytest.raises(Unreachable):
        await send(server)
    assert server.messages == []


async def test_a_wrong_password_is_told_apart_from_a_refused_message(
    server: FakeMailServer,
) -> None:
    server.script["AUTH"] = "535 5.7.8 wrong"
    with pytest.raises(AuthExpired):
        await send(server, username="us", password="wrong")


@pytest.mark.parametrize("way", [HANG_UP, SILENCE])
async def test_a_lost_reply_after_the_message_is_neither_sent_nor_failed(
    server: FakeMailServer, way: str
) -> None:
    server.script["MESSAGE"] = way
    with pytest.raises(Unconfirmed):
        await send(server)
    assert len(server.messages) == 1


@pytest.mark.parametrize("way", [HANG_UP, SILENCE])
async def test_a_connection_lost_before_the_message_was_not_sent(
    server: FakeMailServer, way: str
) -> None:
    server.script["RCPT"] = way
    with pytest.raises(Unreachable) as told:
        await send(server)
    assert not isinstance(told.value, Unconfirmed)


@pytest.mark.parametrize("good_bye", ["500 what?", HANG_UP])
async def test_a_failed_good_bye_takes_nothing_back(server: FakeMailServer, good_bye: str) -> None:
    server.script["QUIT"] = good_bye
    await send(server)


async def test_nobody_listening_is_told_without_the_address(closed_url: str) -> None:
    port = int(closed_url.rpartition(":")[2])
    with pytest.raises(Unreachable, match="smtp: SMTPConnectError"):
        await send(FakeMailServer(port=port))


def test_a_mail_servers_url_is_read() -> None:
    assert read_server("smtp://us%40home:p%2Fw@mail.example") == Server(
        "mail.example", 587, tls=False, username="us@home", password="p/w"
    )
    assert read_server("smtps://mail.example") == Server("mail.example", 465, tls=True)
    assert read_server("smtp://localhost:2525").port == 2525


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp:mail",
        "smtp://us:sec/ret@h",
        "smtp://[",
    ],
)
def test_what_is_no_mail_servers_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="must be smtp") as told:
        read_server(url)
    assert "sec" not in str(told.value)


def test_a_password_leaves_this_machine_under_tls_only() -> None:
    assert read_server("smtp://us:pw@mail.example").start_tls is True
    assert read_server("smtps://us:pw@mail.example").start_tls is False
    assert read_server("smtp://mail.example").start_tls is None
    assert read_server("smtp://us:pw@127.0.0.1:2525").start_tls is None
    assert "pw" not in repr(read_server("smtp://us:pw@mail.example"))

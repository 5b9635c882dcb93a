"""With every library at its most talkative, no key and no conversation gets into a log."""

import logging
from email.message import EmailMessage

import pytest
from pydantic import BaseModel

from integrations.claude.client import Claude
from integrations.claude.types import Prompt
from integrations.crono.client import Crono
from integrations.crono.types import CronoKeys
from integrations.errors import IntegrationError
from integrations.fathom.client import Fathom
from integrations.google.client import Google
from integrations.http import client
from tests.integrations.fake_vendor import drops, in_turn, says

SECRET = "secret-4711"


class Letter(BaseModel):
    """Nothing in particular."""

    subject: str


async def fathom(url):
    async with client(url, "fathom") as http:
        await Fathom(http).transcript(SECRET, 1)


async def crono(url):
    async with client(url, "crono") as http:
        await Crono(http).prospects(CronoKeys(SECRET, SECRET), "a1")


async def claude(url):
    made = Claude(SECRET, url, "claude-sonnet-5-5")
    try:
        await made.answer(Prompt("Rules.", f"Ada: my pin is {SECRET}", "Go."), Letter)
    finally:
        await made.close()


async def google(url):
    message = EmailMessage()
    message["Subject"] = SECRET
    made = Google(url, url)
    try:
        await made.create_draft(SECRET, message)
    finally:
        made.close()


@pytest.mark.parametrize("call", [fathom, crono, claude, google], ids=lambda call: call.__name__)
@pytest.mark.parametrize(
    "answer",
    [
        says({"error": {"type": "x", "message": SECRET}}, 401),
        says({"error": SECRET}, 500, x_should_retry="false"),
        says({"isSuccess": False, "errors": [{"code": "X", "message": SECRET}]}),
        in_turn(drops, says({}, 404)),
    ],
    ids=["401", "500", "odd", "dropped"],
)
async def test_nothing_secret_is_logged(vendor, caplog, capsys, call, answer):
    caplog.set_level(logging.DEBUG)
    vendor.answer = answer
    try:
        await call(vendor.url)
    except IntegrationError as error:
        print("raised", error)  # noqa: T201 - to be searched with the rest
    written = caplog.text + "".join(capsys.readouterr())
    assert "vendor.request" in written
    assert SECRET not in written

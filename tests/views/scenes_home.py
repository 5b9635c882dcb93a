"""App Home in every state it can be in."""

from datetime import date, time, timedelta

from services.connections import CRONO, ConnectionHealth
from services.home import (
    HomeCost,
    HomeOps,
    HomePage,
    HomeTask,
    OpenDraft,
    OpenRollout,
    Operating,
    OpsOperation,
)
from services.people import Preferences, QuietHours
from services.phrases import Phrase
from services.reports import HealthCheck
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import home
from views.words import operations

URL = "https://seguito.example/google/connect?state=abc"
CALL = Phrase("Call about <offer>", "Chiamare per <offerta>")
STANDUP = Phrase("Stand-up & <coffee>", "Punto & <caffè>")
SEND = Phrase("Send the offer", "Inviare l’offerta")
SAME = some.NOW - timedelta(days=7)
CONNECTED = some.health(fathom="connected", google="connected", crono=True)
LATE = QuietHours(time(22, 30), time(7))
BAD = HealthCheck(operations.FAILED, "bad", operations.TRIES, (("n", 3),))
WARN = HealthCheck(operations.DONE, "warn", operations.TRIES, (("n", 1),))


def drafts(lang: str) -> tuple[OpenDraft, ...]:
    """One in each state; the first two are called alike."""
    return (
        OpenDraft("f1", some.TITLE, some.NOW, "ready", written=True),
        OpenDraft("f2", some.TITLE, SAME, "writing", written=True),
        OpenDraft("f3", STANDUP(lang), SAME, "failed", written=False),
    )


def full(lang: str) -> HomePage:
    """A working day of somebody who has everything and runs nothing."""
    among = some.meeting(
        3, recording_id=9_103, guests=(some.ADA_GUEST, some.BOB), title=STANDUP(lang)
    )
    return HomePage(
        member=some.preferring(lang),
        health=CONNECTED,
        meetings=(some.meeting(), some.meeting(2), among),
        drafts=drafts(lang),
        tasks=(
            HomeTask(CALL(lang), "Carol Vance", "https://crm.example/t/1", "09:30"),
            HomeTask(SEND(lang), some.TITLE, ""),
        ),
        further=("meetings", "drafts"),
    )


def _new(lang: str) -> Given:
    return given(HomePage(some.member(lang), some.health(), indexed=False))


def _linked(lang: str) -> Given:
    health = some.health(fathom="expired")
    return given(HomePage(some.member(lang), health, indexed=False, link=URL))


def _quiet(lang: str) -> Given:
    return given(HomePage(some.member(lang), CONNECTED))


def _not_looked(lang: str) -> Given:
    likes = Preferences(auto_start="off", quiet=None, zone="America/New_York")
    refused = ConnectionHealth(CRONO, connected=False, account="Ada Bell", since=some.NOW)
    health = some.health(fathom="connected", google="connected", crm=refused)
    return given(HomePage(some.member(lang, preferences=likes), health, indexed=False))


def _admin(lang: str) -> Given:
    cost = HomeCost(date(2026, 11, 1), 12_345_678, 20_000_000)
    running = (
        OpsOperation("users.provision", "carol@acme.example", "running"),
        OpsOperation("a.kind.of.tomorrow", "never shown", "failed"),
    )
    rollouts = (OpenRollout("0042_invoices", "halt", 2, 4),)
    ops = HomeOps(Operating(3, 1, running, rollouts), "C0OPS", (BAD, WARN))
    late = some.member(lang, preferences=Preferences(quiet=LATE))
    return given(HomePage(late, CONNECTED, cost=cost, ops=ops))


def _all_well(lang: str) -> Given:
    cost = HomeCost(date(2026, 11, 1), 0)
    ops = HomeOps(Operating(0, 0, (), ()), "C0OPS", ())
    return given(HomePage(some.member(lang), CONNECTED, cost=cost, ops=ops))


def _unread(lang: str) -> Given:
    ops = HomeOps(Operating(0, 0, (), ()), "C0OPS", None)
    return given(HomePage(some.member(lang), CONNECTED, ops=ops))


HOME = (
    Scene(home.home, "new", _new),
    Scene(home.home, "linked", _linked),
    Scene(home.home, "full", lambda lang: given(full(lang))),
    Scene(home.home, "nothing_waits", _quiet),
    Scene(home.home, "not_looked", _not_looked),
    Scene(home.home, "admin", _admin),
    Scene(home.home, "all_well", _all_well),
    Scene(home.home, "unread", _unread),
)

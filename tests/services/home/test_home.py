"""Home is right when it is opened, drawn anew after what changes it, and nobody else's ever."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from db.budgets import WORKSPACE, ModelSpendingRow
from db.crm.activities import ActivityRow
from db.followups.followups import ReceiptRow, Version
from db.store.session import Database
from services.actors import Actor
from services.crm import ActivityResult, ActivityTarget, TaskEntry
from services.errors import AWAY, NotFound, Temporary
from services.followups import ActionItem, Draft
from services.followups.crm_tasks import item_key
from services.followups.crm_wishes import TASKS_KEPT, TaskKept, TasksKept
from services.followups.drafts import DRAFT
from services.home import DRAFTS, MEETINGS, HomeCost
from tests.kit.home_stage import BOB, CAROL, DAY, HOUR, NOW, TEAM, HomeStage, home_stage


def drafts(s: HomeStage) -> list[str]:
    """The follow-ups that are seen."""
    return [one.id for one in s.page.drafts]


def meetings(s: HomeStage) -> list[int]:
    """The meetings that are seen."""
    return [one.recording_id for one in s.page.meetings]


async def test_what_waits_is_seen_newest_first(database: Database) -> None:
    async with home_stage(database) as s:
        for number in (2, 1, 3):
            await s.met(number, CAROL, BOB)
        first, second = await s.drafted(5), await s.drafted(4, status="writing", version=0)
        await s.home.opened(s.actor)
        assert meetings(s) == [1, 2, 3]
        assert drafts(s) == [second, first]
        assert s.page.further == ()


async def test_what_is_done_put_away_old_or_replaced_is_not_seen(database: Database) -> None:
    async with home_stage(database) as s:
        await s.met(1, CAROL)
        done = await s.drafted(1)
        await s.in_gmail(done)
        await s.drafted(2, status="discarded")
        await s.drafted(3, status="cancelled")
        await s.drafted(40)
        await s.met(41, CAROL)
        older = await s.drafted(6)
        newer = await s.drafted(6, created_at=NOW, updated_at=NOW)
        await s.home.opened(s.actor)
        assert meetings(s) == []
        assert drafts(s) == [newer]
        assert older != newer


async def test_a_long_list_says_so_and_is_shown_longer_until_home_is_opened_again(
    database: Database,
) -> None:
    async with home_stage(database) as s:
        for number in range(1, 8):
            await s.met(number, CAROL)
            await s.drafted(number + 10)
        await s.home.opened(s.actor)
        assert (len(s.page.meetings), len(s.page.drafts)) == (5, 5)
        assert s.page.further == (MEETINGS, DRAFTS)
        await s.home.refresh(s.actor, expand=DRAFTS)
        assert (len(s.page.meetings), len(s.page.drafts)) == (5, 7)
        assert s.page.further == (MEETINGS,)
        await s.home.refresh(s.actor, expand="anything")
        assert len(s.page.drafts) == 7
        await s.home.opened(s.actor, s.tab.hash)
        assert len(s.page.drafts) == 5


async def test_nobody_sees_what_is_anothers(database: Database) -> None:
    same_id = uuid4().hex
    async with home_stage(database, Actor(TEAM, same_id)) as s:
        for other in (Actor("T0OTHER", same_id), Actor(TEAM, uuid4().hex)):
            await s.met(1, CAROL, actor=other)
            await s.drafted(2, actor=other)
        await s.home.opened(s.actor)
        assert (s.page.meetings, s.page.drafts, s.page.tasks) == ((), (), ())


async def test_a_button_of_an_old_home_puts_away_only_what_still_waits(
    database: Database,
) -> None:
    async with home_stage(database) as s:
        drop = s.services.followups.drafts.drop
        waiting, failed = await s.drafted(1), await s.drafted(2, status="failed")
        writing, done = await s.drafted(3, status="writing"), await s.drafted(4)
        await s.in_gmail(done)
        for followup_id, status in (
            (waiting, "discarded"),
            (failed, "discarded"),
            (writing, "writing"),
            (done, "ready"),
        ):
            assert (await drop(s.actor, followup_id)).status == status
        foreign = await s.drafted(5, actor=Actor("T0OTHER", s.actor.member_id))
        with pytest.raises(NotFound):
            await drop(s.actor, foreign)


async def test_operations_are_for_ops_admins_in_the_home_workspace_alone(
    database: Database,
) -> None:
    async with home_stage(database, Actor(TEAM, "U0BOSS"), admins="U0BOSS") as s:
        await s.home.opened(s.actor)
        assert s.page.ops is not None
        assert s.page.ops.checks is not None
        for other in (Actor("T0OTHER", "U0BOSS"), Actor(TEAM, "U0SAM")):
            await s.home.opened(other)
            assert s.page.ops is None


async def test_what_the_model_costs_is_for_the_workspaces_admins_alone(
    database: Database,
) -> None:
    team = f"T{uuid4().hex}"
    async with home_stage(database, Actor(team, "U1")) as s:
        spent = {"month": date(2026, 11, 1), "member_id": WORKSPACE, "calls": 1}
        await s.keep(
            ModelSpendingRow(workspace_id=team, spent_micro=1_500_000, **spent),
            ModelSpendingRow(workspace_id=f"{team}2", spent_micro=9_000_000, **spent),
        )
        await s.home.opened(s.actor)
        assert s.page.cost is None
        s.people.person_ = replace(s.people.person_, admin=True)
        await s.home.opened(Actor(team, "U2"))
        assert s.page.cost == HomeCost(date(2026, 11, 1), 1_500_000)


async def test_a_guest_of_another_company_and_a_deleted_person_get_nothing(
    database: Database,
) -> None:
    async with home_stage(database) as s:
        s.people.person_ = replace(s.people.person_, outsider=True)
        await s.home.opened(s.actor)
        await s.home.refresh(s.actor)
        await s.home.changed(s.actor)
        assert s.tab.pages == []


async def test_news_are_drawn_where_home_was_opened_lately_and_once(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.changed(s.actor)
        assert s.tab.pages == []
        await s.home.opened(s.actor)
        await s.home.changed(s.actor)
        assert len(s.tab.pages) == 1
        await s.drafted(1)
        for _ in range(3):
            await s.home.changed(s.actor)
        assert len(s.tab.pages) == 2
        s.clock[0] += HOUR
        await s.drafted(2)
        await s.home.changed(s.actor)
        assert len(s.tab.pages) == 2


async def test_a_click_always_draws(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        s.clock[0] += DAY
        await s.home.refresh(s.actor)
        await s.home.refresh(s.actor)
        assert len(s.tab.pages) == 3


async def test_the_link_to_gmail_goes_with_the_next_news(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        await s.home.refresh(s.actor, link="https://seguito.example/x")
        assert s.page.link
        await s.home.changed(s.actor)
        assert s.page.link == ""


async def test_of_two_that_cross_the_later_state_stays(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        other = s.another_process()

        async def meanwhile() -> None:
            await s.drafted(1)
            await other.changed(s.actor)

        s.tab.meanwhile = meanwhile
        await s.home.refresh(s.actor)
        assert s.tab.refused == 1
        assert len(s.page.drafts) == 1


async def test_a_hash_that_is_nobodys_any_more_is_left_out_in_the_end(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        s.tab.hash = "published by nobody we know"
        await s.home.refresh(s.actor)
        assert (s.tab.refused, len(s.tab.pages)) == (2, 2)
        await s.home.refresh(s.actor)
        assert (s.tab.refused, len(s.tab.pages)) == (2, 3)


async def test_news_fail_nobody_while_slack_is_away_and_come_with_the_next(
    database: Database,
) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        await s.drafted(1)
        s.tab.fails = Temporary(AWAY, vendor="Slack")
        await s.home.changed(s.actor)
        with pytest.raises(Temporary):
            await s.home.refresh(s.actor)
        s.tab.fails = None
        await s.home.changed(s.actor)
        assert len(s.page.drafts) == 1


async def test_meetings_that_nobody_looked_for_are_told_from_none(database: Database) -> None:
    async with home_stage(database) as s:
        await s.home.opened(s.actor)
        assert not s.page.indexed


def typed(s: HomeStage, day: str, at: str, **more: Any) -> ActivityRow:
    """A task typed in Slack, in the CRM."""
    about = ActivityTarget("a1", "Hartwell", "c1", "José Núñez")
    wish = TaskEntry(about, "call", f"Call at {at}", day, at, "Europe/Rome")
    return ActivityRow(
        id=uuid4().hex,
        workspace_id=s.actor.workspace_id,
        kind="task",
        wish=TypeAdapter(TaskEntry).dump_json(wish).decode(),
        result=TypeAdapter(ActivityResult)
        .dump_json(ActivityResult("Crono", "https://x/1"))
        .decode(),
        created_at=NOW,
        updated_at=NOW,
        **{"status": "done", "member_id": s.actor.member_id, **more},
    )


async def agreed(
    s: HomeStage, number: int, *items: ActionItem, done: tuple[ActionItem, ...]
) -> None:
    """A follow-up of so many days ago, of whose items some became tasks."""
    followup_id = await s.drafted(number)
    kept = TasksKept("a1", tuple(TaskKept(item_key(one), NOW, done=True) for one in done))
    content = DRAFT.dump_json(Draft("S", "B", action_items=items)).decode()
    await s.keep(
        Version(
            followup_id=followup_id, number=1, run=1, origin="x", content=content, created_at=NOW
        ),
        ReceiptRow(
            followup_id=followup_id,
            action="tasks",
            version=1,
            status="done",
            effect=TASKS_KEPT.dump_json(kept).decode(),
            created_at=NOW,
        ),
    )


async def test_tasks_that_seguito_made_and_are_due_today_are_seen(database: Database) -> None:
    async with home_stage(database) as s:
        await s.keep(
            typed(s, "2026-11-20", "15:00"),
            typed(s, "2026-11-20", "09:00"),
            typed(s, "2026-11-21", "10:00"),
            typed(s, "2026-11-20", "11:00", status="failed"),
            typed(s, "2026-11-20", "12:00", member_id="somebody else"),
        )
        today, dayless, left, later = (
            ActionItem("Today", "Ada", "2026-11-20"),
            ActionItem("In a week"),
            ActionItem("Not chosen", "", "2026-11-20"),
            ActionItem("Tomorrow", "", "2026-11-21"),
        )
        await agreed(s, 7, today, dayless, left, later, done=(today, dayless, later))
        await s.home.opened(s.actor)
        assert [one.text for one in s.page.tasks] == [
            "Call at 09:00",
            "Call at 15:00",
            "Today",
            "In a week",
        ]
        assert s.page.tasks[0].url == "https://x/1"


async def test_the_day_of_tasks_is_the_members_own(database: Database) -> None:
    async with home_stage(database) as s:
        await s.keep(typed(s, "2026-11-20", "15:00"), typed(s, "2026-11-21", "10:00"))
        # 23:30 in UTC is the next day in Rome.
        s.clock[0] = NOW + timedelta(hours=11, minutes=30)
        await s.home.opened(s.actor)
        assert [one.at for one in s.page.tasks] == ["10:00"]

"""What the scenes of the isolation suite draw, as rows of the workspace that owns them."""

from dataclasses import dataclass
from typing import Any

from bot.wiring.foundation import now
from db.crm.activities import ActivityRow
from db.crm.refreshes import CrmMappingRow
from db.followups.followups import FollowUpRow, ReceiptRow, Version
from db.followups.templates import TemplateRow
from db.meetings import MeetingRow
from db.operations import OperationRow
from db.ops import ProposalRow
from db.people import MemberRow
from services.crm.activities import WISH
from services.crm.wishes import NoteEntry
from services.followups.drafts import DRAFT, OPTIONS, Options
from tests.views import samples as some

# What the owner's rows say; nobody else may ever read it.
SECRET_WORD = "CANARY"
OWNERS_WORD = "OWNEDROW"
OPS_CHANNEL = "C0OPS"


@dataclass(frozen=True, slots=True)
class Someone:
    """A person somewhere; an organisation is one workspace, `team` is where they are in it."""

    member: str
    team: str
    organisation: str = ""

    @property
    def workspace(self) -> str:
        """What scopes their rows."""
        return self.organisation or self.team


OWNER = Someone("U0OWNER", "T0MINE")
COLLEAGUE = Someone("U0COLLEAGUE", "T0MINE")
ELSEWHERE = Someone("U0ELSE", "T0OTHERS")
IN_GRID = Someone("U0GRID", "T0GRIDTEAM", "E0GRID")
# The same id in another workspace: Slack's ids of people are unique within one only.
NAMESAKE = Someone("U0OWNER", "T0OTHERS")
OTHERS_THAN_OWNER = (COLLEAGUE, ELSEWHERE, NAMESAKE, IN_GRID)

OWNERS = {"workspace_id": OWNER.team, "member_id": OWNER.member}
AT = {"created_at": some.NOW, "updated_at": some.NOW}


def isolation_rows() -> list[Any]:
    """Children after what they refer to."""
    member = MemberRow(**OWNERS, name=SECRET_WORD, seen_at=now(), signature=OWNERS_WORD)
    return [member, *_meetings(), *_followup(), *_beside()]


def _meetings() -> list[MeetingRow]:
    return [
        MeetingRow(
            **OWNERS,
            recording_id=9_000 + number,
            title=f"{SECRET_WORD} {number}",
            started_at=some.NOW,
            ended_at=some.NOW + some.HOUR,
            invitees="[]",
            words=SECRET_WORD.lower(),
        )
        for number in range(1, 7)
    ]


def _followup() -> list[Any]:
    draft = DRAFT.dump_json(some.draft("en")).decode().replace("pilot", SECRET_WORD)
    followup = FollowUpRow(
        id=some.FOLLOWUP_ID,
        **OWNERS,
        request_id=OWNERS_WORD,
        recording_id=9_001,
        title=SECRET_WORD,
        started_at=some.NOW,
        options=OPTIONS.dump_json(Options(to=(some.CAROL.email,))).decode(),
        status="ready",
        version=2,
        **AT,
    )
    versions = [
        Version(
            followup_id=some.FOLLOWUP_ID,
            number=number,
            run=1,
            origin="written",
            instruction=OWNERS_WORD,
            content=draft,
            created_at=some.NOW,
        )
        for number in (1, 2)
    ]
    return [
        followup,
        *versions,
        ReceiptRow(
            followup_id=some.FOLLOWUP_ID,
            action="gmail",
            version=1,
            note=OWNERS_WORD,
            status="failed",
            created_at=some.NOW,
        ),
    ]


def _beside() -> list[Any]:
    note = WISH.dump_json(NoteEntry(None, SECRET_WORD, "", some.NOW)).decode()
    return [
        *(
            TemplateRow(
                id=id_, **OWNERS, name=SECRET_WORD, outline=SECRET_WORD, updated_at=some.NOW
            )
            for id_ in ("t1", "t2")
        ),
        ActivityRow(id="f1", **OWNERS, kind="note", wish=note, **AT),
        CrmMappingRow(
            workspace_id=OWNER.team,
            domain="northwind.example",
            account_id="101",
            account_name=OWNERS_WORD,
            chosen_by=OWNER.member,
            chosen_at=some.NOW,
        ),
        OperationRow(
            id="op_1",
            kind="followups.write",
            subject_id=some.FOLLOWUP_ID,
            dedupe=OWNERS_WORD,
            title=SECRET_WORD,
            actor_kind="slack",
            actor_id=f"{OWNER.team}:{OWNER.member}",
            workspace_id=OWNER.team,
            **AT,
        ),
        ProposalRow(
            id="0123456789abcdef",
            **OWNERS,
            member_name=SECRET_WORD,
            channel_id=OPS_CHANNEL,
            action="licenses.issue",
            arguments="{}",
            created_at=now(),
            expires_at=now() + some.HOUR,
        ),
    ]

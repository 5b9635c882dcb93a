"""Invented follow-ups of colleagues who are not in the sandbox: their numbers, not their words."""

from datetime import datetime, timedelta
from random import Random

from db.reports.history import TableRows

WORKSPACE = "T0HOME"
COLLEAGUES = ("U0HISTORY1", "U0HISTORY2", "U0HISTORY3", "U0HISTORY4")
FOLLOWUPS = 420
MODEL = "claude-sonnet-5-5"
# Beyond those of the sandbox's meetings.
FIRST_RECORDING = 9_000_000_000
FOLLOWUP = (
    *("id", "workspace_id", "member_id", "request_id", "recording_id", "title", "started_at"),
    *("url", "options", "status", "run", "instruction", "operation_id", "crm", "version"),
    *("problem", "missing", "reference", "view_id", "card_channel", "card_ts", "arrival"),
    "created_at",
    "updated_at",
)
VERSION = (
    *("followup_id", "number", "run", "origin", "instruction", "content", "model"),
    *("input_tokens", "cached_tokens", "output_tokens", "audit", "over_budget", "created_at"),
)
RECEIPT = (
    *("followup_id", "action", "version", "attempt", "generation", "status", "operation_id"),
    *("external_id", "url", "note", "wish", "effect", "problem", "missing", "question", "kept"),
    *("created_at", "done_at"),
)
ACTIONS = (("gmail", 0.86), ("note", 0.34), ("tasks", 0.22), ("calendar", 0.15), ("recap", 0.18))
Record = tuple[object, ...]


class Colleagues:
    """Follow-ups, their versions and receipts while they are invented."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.followups: list[Record] = []
        self.versions: list[Record] = []
        self.receipts: list[Record] = []

    def followup(self, number: int, at: datetime) -> None:
        """One, written at that time."""
        chance = self.chance
        one = f"{chance.getrandbits(128):032x}"
        lost = chance.random() < 0.02
        origins = [] if lost else self._origins()
        for place, origin in enumerate(origins, start=1):
            self.versions.append(self._version(one, place, origin, at))
        who = chance.choice(COLLEAGUES)
        meeting = (FIRST_RECORDING + number, "A meeting of the past", at - timedelta(hours=1), "")
        state = ("{}", "failed" if lost else "ready", 1, "", "", "null", len(origins))
        card = ("", "", "", "", "", "", "")
        self.followups.append(
            (one, WORKSPACE, who, f"history:{one}", *meeting, *state, *card, at, at)
        )
        used = at + timedelta(minutes=chance.lognormvariate(1.6, 1.0))
        for action, share in ACTIONS:
            if origins and chance.random() < share:
                did = ("done", "", "", "", "", "", "", "", "", "", "")
                self.receipts.append((one, action, len(origins), 1, 0, *did, at, used))
                used += timedelta(seconds=20)

    def _origins(self) -> list[str]:
        chance = self.chance
        origins = ["plain" if chance.random() < 0.03 else "written"]
        while chance.random() < 0.16:
            origins.append("written")
        return [*origins, "edited"] if chance.random() < 0.37 else origins

    def _version(self, one: str, number: int, origin: str, at: datetime) -> Record:
        chance = self.chance
        tokens = (0, 0, 0)
        if origin == "written":
            again = number > 1
            read = chance.randint(5_000, 16_000)
            tokens = (400 if again else read, read if again else 0, chance.randint(500, 1_100))
        model = MODEL if origin == "written" else ""
        made = at + timedelta(minutes=number)
        return (one, number, 1, origin, "", "{}", model, *tokens, "null", "null", made)


def invent_followups(chance: Random, now: datetime, days: int) -> list[TableRows]:
    """More of them the later it gets, on working days."""
    colleagues = Colleagues(chance)
    for number in range(FOLLOWUPS):
        at = now - timedelta(days=days * (1 - chance.random() ** 0.6), hours=1)
        if at.weekday() >= 5:
            at -= timedelta(days=2)
        colleagues.followup(number, at)
    return [
        TableRows("followups", FOLLOWUP, colleagues.followups),
        TableRows("followup_versions", VERSION, colleagues.versions),
        TableRows("followup_receipts", RECEIPT, colleagues.receipts),
    ]

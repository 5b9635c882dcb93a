"""What every imitated vendor is given when it is made."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.sandbox.kit import meetings
from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.kit.faults import Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.world import World, empty_world


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the world is set up.

    app_url         where the product answers; redirects, webhooks and deliveries go there
    manifest        the app's manifest.yml, as Slack would have imported it
    meetings        the visitor's own transcripts, first is newest
    meetings_dir    a folder of real meetings (Fathom's JSON or the AMI corpus)
    enforce_limits  really refuse Fathom's 61st call of a minute
    socket          the product is reached over Slack's Socket Mode
    database_url    a PostgreSQL server on which a vendor may make databases
    crm_size        accounts and people in the CRM beside the cast's
    history         accounts begin with a year behind them
    now             the moment the cast's relative dates count from; None: the start
    """

    app_url: str = "http://127.0.0.1:3000"
    manifest: Path = Path("manifest.yml")
    meetings: tuple[Path, ...] = ()
    meetings_dir: Path | None = None
    enforce_limits: bool = False
    socket: bool = False
    database_url: str = ""
    crm_size: tuple[int, int] = (0, 0)
    history: bool = False
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The cast, and where a vendor writes down, fails and tells that it changed."""

    options: SandboxOptions
    world: World
    journal: Journal
    faults: Faults
    changes: Changes

    def changed(self) -> None:
        """Tell open panels that the outside looks different now."""
        self.changes.announce("outside")


def set_up(options: SandboxOptions) -> Stage:
    """A stage without any vendor yet. TranscriptError when a given file is not sound."""
    world = empty_world(options.now or datetime.now(UTC))
    meetings.add_cast(world)
    if options.meetings_dir is not None:
        meetings.add_corpus(world, options.meetings_dir)
    meetings.add_visitors(world, options.meetings)
    changes = Changes()
    return Stage(options, world, Journal(changes.announce), Faults(changes.announce), changes)

"""What the card of a bulk issue says besides: counts, bad lines, the way to the keys."""

from collections.abc import Sequence

from services.issuing import Bulk
from services.operations import Operation
from views.kit.blocks import Block
from views.slack.issuing import bulk as views


class BulkResults:
    """Reads what became of the lines whenever the card is drawn."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk

    async def draw(self, operation: Operation) -> Sequence[Block]:
        """The blocks for its card; the bad lines once it is over."""
        progress = await self._bulk.progress(operation.subject_id)
        bad = await self._bulk.results(operation.subject_id, "bad") if operation.is_over else ()
        return views.results(progress, bad, operation.language)

"""Warnings about budgets, in direct messages."""

from structlog import get_logger

from handlers.slack.outbound.post import post
from handlers.slack.outbound.reach import Clients, RefusedBySlack, client_for
from services.budgets import BudgetNews
from services.people import Member
from views.slack import budgets as views

log = get_logger(__name__)


class SlackBudgetRoom:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def tell_budget(self, member: Member, news: BudgetNews) -> None:
        """A direct message; whom Slack does not let us write to is not told. Raises Temporary."""
        client = await client_for(self._clients, member.actor)
        try:
            await post(client, member.actor.member_id, views.warning(news, member.language))
        except RefusedBySlack as error:
            log.warning("budgets.not_told", reason=error.code)

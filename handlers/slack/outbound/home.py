"""A person's Home, published as the bot of their workspace."""

from handlers.slack.outbound.reach import Clients, RefusedBySlack, client_for, reaching_slack
from services.home import HomeMoved, HomePage
from views.slack.home import home


class SlackHomeTab:
    """Publishes Homes."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def publish(self, page: HomePage, hash_: str) -> str:
        """Slack's hash of it (docs.slack.dev, views.publish: a `hash` must be the newest).

        Raises HomeMoved, Temporary, or RefusedBySlack.
        """
        actor = page.member.actor
        client = await client_for(self._clients, actor)
        try:
            with reaching_slack():
                answer = await client.views_publish(
                    user_id=actor.member_id, view=home(page).to_dict(), hash=hash_ or None
                )
        except RefusedBySlack as error:
            if error.code == "hash_conflict":
                raise HomeMoved from error
            raise
        view = answer["view"]
        return str(view.get("hash") or "")

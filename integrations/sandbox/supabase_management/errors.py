"""What the Management API's refusals look like (contract B.1)."""

from aiohttp import web


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status

    def response(self) -> web.Response:
        """The answer that tells of it."""
        return web.json_response({"message": str(self)}, status=self.status)


class NoServer(Exception):
    """The sandbox was started without a PostgreSQL on which projects could be made."""

"""files.*: what people uploaded."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError


def info(call: Call) -> Json:
    """files.info."""
    upload = call.team.uploads.find(call.needed("file"))
    if upload is None:
        raise SlackError("file_not_found")
    return {
        "file": upload.as_json(),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


METHODS = {"files.info": Method(info, ("files:read",))}

"""files.*: what people uploaded."""

from integrations.sandbox.slack.api.call import Call, Method
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError


def info(call: Call) -> Json:
    """files.info."""
    uploads, file_id = call.team.uploads, call.needed("file")
    upload = uploads.find(file_id)
    if upload is None or not call.team.file_seen_by_app(file_id):
        raise SlackError("file_not_found")
    if uploads.deleted(file_id):
        raise SlackError("file_deleted")
    return {
        "file": upload.as_json(),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


METHODS = {"files.info": Method(info, ("files:read",))}

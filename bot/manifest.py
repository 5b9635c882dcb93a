"""The Slack app's manifest in its Socket Mode form: no request URLs, the socket switched on."""

from collections.abc import Mapping

URLS = frozenset({"url", "request_url", "message_menu_options_url"})
SWITCH = "socket_mode_enabled"


def for_socket(document: object) -> object:
    """The manifest without any request URL and with Socket Mode on.

    With it on, Slack refuses a manifest that has request URLs (docs.slack.dev, app manifests).
    """
    if isinstance(document, Mapping):
        kept = {key: for_socket(value) for key, value in document.items() if key not in URLS}
        return {**kept, SWITCH: True} if SWITCH in kept else kept
    if isinstance(document, list):
        return [for_socket(one) for one in document]
    return document

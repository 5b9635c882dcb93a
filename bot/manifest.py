"""The Slack app's manifest as an operator needs it: for a host, or in its Socket Mode form."""

from collections.abc import Mapping

URLS = frozenset({"url", "request_url", "message_menu_options_url"})
DISTRIBUTED = ("org_deploy_enabled", "token_rotation_enabled")
SWITCH = "socket_mode_enabled"
EXAMPLE = "https://seguito.example.com"


def for_host(document: object, base_url: str) -> object:
    """The manifest with `base_url` in place of the example's; unchanged when there is none."""
    if isinstance(document, Mapping):
        return {key: for_host(value, base_url) for key, value in document.items()}
    if isinstance(document, list):
        return [for_host(one, base_url) for one in document]
    if isinstance(document, str) and document.startswith(EXAMPLE) and base_url:
        return base_url + document.removeprefix(EXAMPLE)
    return document


def for_distribution(document: object) -> object:
    """The manifest for any workspace or organisation: installs of a whole one, lapsing tokens."""
    if not isinstance(document, Mapping):
        return document
    switched = {name: True for name in DISTRIBUTED if name in document}
    return {key: for_distribution(value) for key, value in document.items()} | switched


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

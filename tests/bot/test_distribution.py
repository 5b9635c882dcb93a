"""The manifest for any workspace: only the two switches differ."""

from pathlib import Path
from typing import Any

import yaml

from bot.manifest import DISTRIBUTED, for_distribution, for_socket

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())


def test_a_distributed_app_installs_in_organisations_and_its_tokens_lapse() -> None:
    made = for_distribution(DOCUMENT)
    assert isinstance(made, dict)
    assert {made["settings"].pop(name) for name in DISTRIBUTED} == {True}
    kept = {key: value for key, value in DOCUMENT["settings"].items() if key not in DISTRIBUTED}
    assert made == {**DOCUMENT, "settings": kept}


def test_it_goes_with_socket_mode() -> None:
    made = for_socket(for_distribution(DOCUMENT))
    assert isinstance(made, dict)
    assert made["settings"]["token_rotation_enabled"]
    assert made["settings"]["socket_mode_enabled"]

""".env.example is drawn from the settings, so that no variable is forgotten or left behind."""

import ast

from env_example import FILE, draw, names, required, settings
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings
from source import FLOORS, house


class Sample(BaseSettings):
    """Two groups, one of them with a secret value."""

    port: int = Field(3000, description="Where to listen.")
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Begins with xoxb-.")
    slack_api_url: str = "https://slack.com/api/"


def test_the_example_equals_the_settings() -> None:
    drawn = draw(settings(), required())
    assert FILE.read_text() == drawn, "run: .venv/bin/python tests/architecture/env_example.py"


def test_a_sample_is_drawn_with_defaults_and_meanings() -> None:
    assert draw(Sample, frozenset({"slack_bot_token"})).endswith(
        "\n# Where to listen.\n#PORT=3000\n\n# Required. Begins with xoxb-.\n"
        "SLACK_BOT_TOKEN=\n#SLACK_API_URL=https://slack.com/api/\n"
    )


def test_the_environment_is_read_in_one_place_only() -> None:
    # They hand some of the environment on to programs they start, as the sandbox does.
    readers = {
        str(source.path)
        for source in house()
        if source.within(*FLOORS) and not source.within("integrations/sandbox")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    assert readers <= {"bot/backups/programs.py", "bot/local/launcher.py", "bot/local/postgres.py"}


def test_secrets_are_typed_so_that_no_log_shows_them() -> None:
    telling = ("_token", "_secret", "_key", "_keys", "_pepper", "_password")
    shown = [
        name
        for name, info in settings().model_fields.items()
        if name.endswith(telling)
        and name not in ("crono_public_key", "stripe_publishable_key", "supabase_publishable_key")
        and "SecretStr" not in str(info.annotation)
    ]
    assert shown == []


def test_every_setting_has_a_name() -> None:
    assert len(names()) == len(settings().model_fields)

"""Installing, in every way it can end, and what the installer is told."""

from tests.views.scenes import Scene, given
from views.pages import installs
from views.slack import workspaces
from views.words import workspaces as say

OPENS = "https://slack.com/app_redirect?app=A0SEGUITO&team=T0THIRD"

WORKSPACES = (
    Scene(workspaces.welcome, "normal", lambda lang: given(lang)),
    Scene(workspaces.stranger, "normal", lambda _: given(), languages=("en",)),
    Scene(installs.installed, "normal", lambda lang: given("Brightside", OPENS, lang)),
    Scene(installs.refused, "denied", lambda lang: given(say.DENIED, lang)),
    Scene(
        installs.refused, "by_slack", lambda lang: given(say.SLACK_SAID_NO, lang, "invalid_code")
    ),
    Scene(installs.refused, "spent", lambda lang: given(say.SPENT, lang)),
    Scene(installs.refused, "away", lambda lang: given(say.SLACK_AWAY, lang)),
    Scene(installs.closed, "normal", lambda lang: given(lang)),
)

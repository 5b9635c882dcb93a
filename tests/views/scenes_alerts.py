"""What the ops channel reads of alerts, in every state they can be in."""

from datetime import timedelta

from services.alerts import Alert, Cause
from tests.views import samples as some
from tests.views.scenes import Scene, given
from views.slack import alerts

RUNBOOK = "https://seguito.example/runbooks/vendor_down"
# What programs said, in no language of ours.
SHOWN = ("Something <unforeseen> &amp; bad", "2 e-mails")
BEGAN = some.NOW - timedelta(minutes=12)
ONE = Alert(Cause.VENDOR_DOWN, "Fathom", "", "firing", 1, 1, BEGAN, some.NOW, None)
FLOOD = Alert(
    *(Cause.JOB_FAILED, "followups.write", SHOWN[0], "firing"),
    *(200, 1, BEGAN, some.NOW, None),
)
FLAPPING = Alert(Cause.VENDOR_DOWN, "<Slack>", "", "well", 1, 10, BEGAN, some.NOW, some.NOW)
QUIET = Alert(Cause.EMAILS_LOST, "", SHOWN[1], "well", 2, 1, BEGAN, some.NOW, some.NOW)

STATES = (("one", ONE), ("flood", FLOOD), ("flapping", FLAPPING), ("quiet", QUIET))
ALERTS = (
    *(
        Scene(alerts.alert, name, lambda lang, of=of: given(of, RUNBOOK, lang))
        for name, of in STATES
    ),
    *(
        Scene(alerts.recovered, name, lambda lang, of=of: given(of, lang))
        for name, of in STATES[2:]
    ),
)

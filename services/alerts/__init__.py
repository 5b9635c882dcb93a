"""Alerts: what somebody should look at, told once per cause and hour, and its end."""

from services.alerts.alerts import Alert, Alerts
from services.alerts.causes import Cause
from services.alerts.letters_alerts import LETTER, AlertLetters, runbook_url
from services.alerts.telling import AlertMail, AlertRoom, AlertTelling, NoRoom
from services.alerts.watching import AlertSources, AlertWatch
from services.alerts.words import OVER, QUIET_AGAIN, headline

"""What is connected, and how to mend what is not."""

from services.doctor.checkups import Checkups, Finding
from services.doctor.standing import SLACK, SlackProbe, SlackStanding, Standing

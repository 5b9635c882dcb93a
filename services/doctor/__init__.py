"""What is connected, and how to mend what is not."""

from services.doctor.checkups import Checkups, Finding

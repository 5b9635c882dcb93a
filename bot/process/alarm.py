"""Wakes the engine when a job was started here, so that it need not look ten times a second."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

# Nobody woke it and nothing is in hand: how long until it looks for jobs of other processes.
IDLE = timedelta(seconds=1)
# So long after it was woken it looks as often as the queue says: one job brings another.
ALERT = timedelta(seconds=2)


class Alarm(threading.Event):
    """The event by which a thread of the engine waits between two looks; set means: end.

    A look is two queries, some milliseconds of the one interpreter in which acks are given and
    chats go through. Ten of them a second, all day, for somebody who rarely comes.
    """

    def __init__(
        self, is_busy: Callable[[], bool], *, idle: timedelta = IDLE, alert: timedelta = ALERT
    ) -> None:
        """While `is_busy`, a job that ends makes room for one that waits."""
        super().__init__()
        self._is_busy = is_busy
        self._idle_seconds = idle.total_seconds()
        self._alert_seconds = alert.total_seconds()
        self._woken = threading.Event()
        self._alert_until = 0.0

    def wake(self) -> None:
        """A job was started: look now."""
        self._alert_until = monotonic() + self._alert_seconds
        self._woken.set()

    def set(self) -> None:
        """End the thread."""
        super().set()
        self._woken.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is time to look (False) or to end (True); `timeout` is the queue's own pause."""
        is_alert = monotonic() < self._alert_until or self._is_busy()
        self._woken.wait(timeout if is_alert else self._idle_seconds)
        self._woken.clear()
        return self.is_set()

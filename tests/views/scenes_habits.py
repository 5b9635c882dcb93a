"""A member's habits in every state."""

from services.habits import Example, Habit, HabitsSeen
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import habits
from views.words.habits import NAMES

SHORTER = Habit("shorter", "length", "", "30", 6, 8, (Example("162", "98"), Example("140", "101")))
CIAO = Habit(
    "greets", "greeting", "it", "Ciao", 4, 5, (Example("Buongiorno Elena,", "Ciao Elena,"),)
)
LINE = "Book a slot: https://cal.example/ada <3"
ADDS = Habit("adds", "line", "en", LINE, 5, 6, (Example("", LINE),))
OMITS = Habit("omits", "line", "en", "Just reply.", 4, 4, (Example("Just reply.", ""),))
EVERY = tuple(
    Habit(kind, "style", "it" if kind in ("lei", "tu") else "", "x & <y>", 4, 5) for kind in NAMES
)


def _seen(language: str, *seen: tuple[Habit, ...], compared: int = 9) -> Given:
    return given(HabitsSeen(compared, 5, *seen), some.member(language))


HABITS = (
    Scene(habits.habits, "all", lambda lang: _seen(lang, (CIAO, ADDS, OMITS), (SHORTER,))),
    Scene(habits.habits, "every_kind", lambda lang: _seen(lang, EVERY, ())),
    Scene(habits.habits, "crowd", lambda lang: _seen(lang, EVERY * 5, EVERY * 5)),
    Scene(habits.habits, "too_few", lambda lang: _seen(lang, (), (), compared=2)),
    Scene(habits.habits, "nothing", lambda lang: _seen(lang, (), (SHORTER,))),
)

"""What is around every page: navigation, who is signed in, the notice of what was just done."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Literal

from services.phrases import Phrase
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import frame as say

Theme = Literal["", "light", "dark"]
# In the order of the day's work. A page that nothing answers at is not shown.
NAVIGATION: tuple[tuple[str, Phrase], ...] = (
    ("/admin", say.OVERVIEW),
    ("/admin/customers", say.CUSTOMERS),
    ("/admin/licenses", say.LICENSES),
    ("/admin/usage", say.USAGE),
    ("/admin/users", say.USERS),
    ("/admin/tenants", say.TENANTS),
    ("/admin/rollouts", say.ROLLOUTS),
    ("/admin/billing", say.BILLING),
    ("/admin/plans", say.PLANS),
    ("/admin/followups", say.FOLLOWUPS),
    ("/admin/audit", say.AUDIT),
    ("/admin/settings", say.SETTINGS),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the navigation; `icon` names its drawing."""

    href: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class FlashNotice:
    """What was just done, told once."""

    text: str
    tone: Literal["good", "warn", "bad"] = "good"


@dataclass(frozen=True, slots=True)
class Frame:
    """`token` and `request` go into every form; `files` are the addresses of static files."""

    reader: PageReader
    theme: Theme
    who: str
    navigation: tuple[NavigationItem, ...]
    files: Mapping[str, str]
    token: str = ""
    request: str = ""
    notice: FlashNotice | None = None
    keys_off: bool = False


def navigation(answered: Set[str], path: str, reader: PageReader) -> tuple[NavigationItem, ...]:
    """The pages there are; the one that `path` belongs to is the current one."""
    shown = [(href, label) for href, label in NAVIGATION if href in answered]
    within = [href for href, _ in shown if path == href or path.startswith(f"{href}/")]
    here = max(within, key=len, default="")
    return tuple(
        NavigationItem(href, reader(label), href.rpartition("/")[2], href == here)
        for href, label in shown
    )

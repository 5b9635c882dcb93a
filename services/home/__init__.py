"""App Home: what a member sees when they open the app, and when it is drawn anew."""

from services.home.home import Home, HomeDisplay, HomeMoved
from services.home.page import (
    DRAFTS,
    LISTS,
    MEETINGS,
    HomeCost,
    HomeOps,
    HomePage,
    HomeTask,
    OpenDraft,
    OpenRollout,
    Operating,
    OpsOperation,
)
from services.home.reading import HomeReading

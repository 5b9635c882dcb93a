"""Meetings that arrive by themselves: told once, in direct messages, with a draft waiting."""

from services.arrivals.arrivals import Arrivals
from services.arrivals.arriving import BEGIN, Arriving
from services.arrivals.beginning import Beginning
from services.arrivals.cards import ASKED, DISMISSED, OVER, WAITING, ArrivalCards
from services.arrivals.hooks import FathomHooks
from services.arrivals.inbox import READ, ArrivalInbox, DeliveryRefused, HookGone
from services.arrivals.judging import NOBODY, SHORT, SILENT
from services.arrivals.leaving import FathomHookGrants
from services.arrivals.polling import Polling
from services.arrivals.ports import ArrivalCard, ArrivalPlace, ArrivalRoom, ArrivalSources
from services.arrivals.reminders import Reminders

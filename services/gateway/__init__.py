"""The AI gateway: chats, their ledger, limits, prices and provider keys."""

from services.gateway.chat_proxy import ChatProxy
from services.gateway.chats import Ask, ChatRefused, ChatResult, Question
from services.gateway.estimates import Estimate, Estimates
from services.gateway.gateway import FactsOf, Gateway
from services.gateway.ledger import Claim, Ledger, Metered
from services.gateway.limits import Limits, headers
from services.gateway.prices import Prices, read_prices
from services.gateway.provider_keys import ProviderKeys, Saved
from services.gateway.scheduler import FairScheduler
from services.gateway.usage import DayUse, Report, UsageReports, UsageSums, total

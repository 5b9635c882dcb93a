"""Billing and plans: revenue, the comparison with Stripe and its repair, prices."""

from aiohttp import web

from handlers.http.dashboard.kit.pages import Page
from handlers.http.dashboard.kit.visit import Visit
from views.dashboard import billing as views
from views.words.dashboard import billing as say

# As many closed months as there are in two years; older ones are in the file.
MONTHS = 24


async def seen(visit: Visit) -> web.Response:
    """Revenue, movements, and what differs from Stripe."""
    billing, reader, asked = visit.services.billing, visit.reader, visit.address
    today = reader.now.astimezone(reader.zone).date()
    parts = views.BillingParts(
        ready=billing.catalogue.ready,
        zone=billing.revenue.zone,
        now=await billing.revenue.now(),
        today=today,
        month=await billing.revenue.month(today),
        closed=await billing.revenue.closed(MONTHS),
        subscriptions=await visit.services.reports.subscriptions.newest(asked.query),
        compared=await billing.comparison.latest(),
    )
    return visit.show(views.page(parts, asked, reader))


async def compare(visit: Visit) -> web.Response:
    """Compare now."""
    await visit.services.billing.comparison.run()
    return visit.done(views.PATH, say.WAS_COMPARED)


async def repair(visit: Visit) -> web.Response:
    """Look again at one that differs."""
    subscription_id = visit.part("id")
    await visit.services.billing.comparison.repair(visit.operator, subscription_id)
    return visit.done(views.PATH, say.WAS_REPAIRED, id=subscription_id)


async def plans(visit: Visit) -> web.Response:
    """Every price."""
    catalogue = visit.services.billing.catalogue
    return visit.show(views.plans(await catalogue.listed(), visit.reader, ready=catalogue.ready))


async def sync(visit: Visit) -> web.Response:
    """Learn prices from Stripe."""
    done = await visit.services.billing.catalogue.sync(visit.operator)
    told = {"added": len(done.added), "retired": len(done.retired)}
    return visit.done(views.PLANS_PATH, say.WAS_SYNCED, **told)


async def retire(visit: Visit) -> web.Response:
    """Sell a price no more."""
    await visit.services.billing.catalogue.retire(visit.operator, visit.part("id"))
    return visit.done(views.PLANS_PATH, say.WAS_RETIRED)


PAGES = (
    Page("GET", views.PATH, seen),
    Page("POST", f"{views.PATH}/compare", compare),
    Page("POST", f"{views.PATH}/drifts/{{id}}", repair),
    Page("GET", views.PLANS_PATH, plans),
    Page("POST", f"{views.PLANS_PATH}/sync", sync),
    Page("POST", f"{views.PLANS_PATH}/prices/{{id}}/retire", retire),
)

"""The running program: doors, jobs and clock, started in order and stopped in the opposite one."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.backups.release import is_in_service, take_into_service
from bot.doctor.checkup import setting_checks
from bot.keys import note_keys
from bot.process.alarm import IDLE
from bot.process.clock import Clock
from bot.process.engine import TICKS, Engine
from bot.process.error_reports import ErrorReports, ReportedProgram
from bot.process.garbage import freeze_gc
from bot.process.listener import add_headers, listening
from bot.process.log import report_errors
from bot.process.metrics import Metrics
from bot.process.sampler import Sampler
from bot.process.watchman import Watchman
from bot.settings.settings import Settings
from bot.slack.app import SlackApp
from bot.wiring.foundation import Foundation, build_database, now
from bot.wiring.product import Product, build_product
from bot.wiring.vendors import build_vendors
from db.rotation import unreadable
from db.store.session import Database, DatabaseUnavailable
from handlers import http, jobs
from handlers.http.dashboard.kit.desk import PUBLIC_SITE, PublicSite
from handlers.http.dashboard.settings import CHECKUP
from handlers.http.health import METRICS, PROBE
from handlers.http.kit.cors import ORIGINS
from handlers.http.kit.counting import COUNT
from handlers.http.kit.quarantine import HELD
from handlers.jobs.kit.runner import Runner
from handlers.slack.outbound.messenger import SlackMessenger
from integrations.sentry.client import Sentry
from services import Services
from views.api.kit.health import Health
from views.dashboard.settings import SettingCheck

# How often a copy in quarantine looks whether it was released.
LOOK = timedelta(seconds=2)
QUARANTINE = (
    "this database was restored, or PUBLIC_URL is not where it was in service: nothing leaves it "
    "until `python -m bot release`"
)
DRAIN = timedelta(seconds=10)
# How long another thread may hold the loop up. The engine has threads that look into its queues;
# with Python's 5 ms an ack would often wait for one of them.
SWITCH_SECONDS = 0.0005

log = structlog.get_logger(__name__)


class SecretsClosed(Exception):
    """Secrets that are kept do not open with the keys that were given; the text names one."""


class InQuarantine(Exception):
    """The database was restored and not released; the text says what to do."""


class PortTaken(Exception):
    """The address to listen on cannot be used; the text is the system's own word for it."""


class Program:
    """One process of the product, built from its settings and the database's URL."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._url = url
        self._metrics = Metrics()
        self._stop = asyncio.Event()
        self._held = False
        self._product: Product | None = None

    async def web(self, *, socket: bool) -> None:
        """Serve Slack and HTTP, and with EMBEDDED_WORKER jobs and clock, until told to stop."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._heed_signals()
        async with AsyncExitStack() as stack:
            database, slack, services = await self._parts(stack)
            executor_id = ""
            if self._settings.embedded_worker and not self._held:
                working = self._working(database, services, idle=IDLE)
                executor_id = await stack.enter_async_context(working)
            slack.serve(services)
            # Unwound from the end: first the doors close, then what they let in may finish.
            stack.push_async_callback(slack.drain, DRAIN)
            await stack.enter_async_context(self._listening(database, slack, services))
            if not await self._is_released(database):
                return
            if self._settings.embedded_worker and not executor_id:
                working = self._working(database, services, idle=IDLE)
                executor_id = await stack.enter_async_context(working)
            if socket:
                await stack.enter_async_context(slack.socket())
            sampler = Sampler(database, self._metrics, executor_id)
            watchman = Watchman(services.alerts, self._metrics.health)
            for watching in (self._metrics.watch_loop(), sampler.watch(), watchman.watch()):
                _beside(stack, watching)
            freeze_gc()
            log.info("program.ready", port=self._settings.port)
            await self._stop.wait()
            log.info("program.stopping")

    async def worker(self) -> None:
        """Jobs and clock, without any door, until told to stop."""
        self._heed_signals()
        async with AsyncExitStack() as stack:
            database, _, services = await self._parts(stack)
            if not await self._is_released(database):
                return
            # Jobs are started elsewhere.
            await stack.enter_async_context(self._working(database, services, idle=None))
            watchman = Watchman(services.alerts, self._metrics.health)
            _beside(stack, watchman.watch())
            log.info("program.ready")
            await self._stop.wait()

    async def once(self, work: Callable[[Services], Awaitable[int]]) -> int:
        """Jobs and clock as in `worker`, for as long as this work takes; its exit code."""
        async with AsyncExitStack() as stack:
            database, _, services = await self._parts(stack)
            if self._held:
                raise InQuarantine(QUARANTINE)
            await stack.enter_async_context(self._working(database, services, idle=IDLE))
            return await work(services)

    def stop(self) -> None:
        """End `web` or `worker` as a signal would."""
        self._stop.set()

    async def _parts(self, stack: AsyncExitStack) -> tuple[Database, SlackApp, Services]:
        settings = self._settings
        database = build_database(settings, self._url)
        stack.push_async_callback(database.dispose)
        self._held = not await take_into_service(database, self._place)
        if closed := await unreadable(database):
            raise SecretsClosed(f"ENCRYPTION_KEYS: {closed[0]} (and {len(closed) - 1} more)")
        await note_keys(database, settings, now())
        await self._report(stack)
        vendors = build_vendors(settings, self._metrics)
        stack.push_async_callback(vendors.close)
        slack = SlackApp(settings, database, self._metrics, now)
        stack.push_async_callback(slack.close)
        messenger = SlackMessenger(slack.client)
        base = Foundation(settings, database, self._metrics, messenger)
        product = build_product(base, vendors)
        stack.push_async_callback(product.close)
        if not self._held:
            await product.start()
        self._product = product
        return database, slack, product.services

    async def _is_released(self, database: Database) -> bool:
        """Wait in quarantine until an operator releases the database; False: told to stop first."""
        if self._held:
            log.warning("program.quarantined", detail=QUARANTINE)
        while self._held:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK.total_seconds()):
                    await self._stop.wait()
                return False
            with suppress(DatabaseUnavailable):
                self._held = not await is_in_service(database, self._place)
            if not self._held and self._product is not None:
                await self._product.start()
                log.info("program.released")
        return True

    async def _report(self, stack: AsyncExitStack) -> None:
        """With SENTRY_DSN errors are reported, as long as the program runs."""
        settings = self._settings
        if not (dsn := settings.given("sentry_dsn")):
            return
        sentry = Sentry(dsn)
        stack.push_async_callback(sentry.close)
        host = urlsplit(settings.base_url).hostname or "local"
        reports = ErrorReports(sentry, ReportedProgram(version(), host))
        _beside(stack, reports.send())
        report_errors(reports)

    @asynccontextmanager
    async def _working(
        self, database: Database, services: Services, *, idle: timedelta | None
    ) -> AsyncIterator[str]:
        """Jobs and clock run inside the block, under the executor id that it is given."""
        runner = Runner()
        jobs.register(runner, services)
        engine = Engine(database, runner, idle=idle)
        await engine.start()
        clock = Clock((*TICKS, *jobs.TIMETABLE), database)
        clock.start()
        try:
            yield engine.executor_id
        finally:
            clock.stop()
            await engine.stop(DRAIN)

    @asynccontextmanager
    async def _listening(
        self, database: Database, slack: SlackApp, services: Services
    ) -> AsyncIterator[None]:
        app = web.Application()
        app[PROBE] = lambda: self._health(database)
        if self._settings.metrics:
            app[METRICS] = self._metrics.render
        app[COUNT] = self._metrics.request
        app[HELD] = lambda: self._held
        app[ORIGINS] = self._settings.origins
        app[CHECKUP] = self._checked
        app[PUBLIC_SITE] = PublicSite(self._settings.base_url, self._settings.business_zone)
        app.add_routes(slack.routes())
        app.add_routes(slack.installs(self._settings.base_url))
        http.register(app, services)
        settings = self._settings
        add_headers(app, https=settings.base_url.startswith("https://"))
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(listening(app, settings.host, settings.port))
            except OSError as error:
                raise PortTaken(error.strerror or str(error)) from error
            yield

    @property
    def _place(self) -> str:
        """Where a database is in service; an embedded one is wherever it is tried."""
        embedded = not self._settings.database_url.get_secret_value()
        return "" if embedded else self._settings.public_url

    async def _checked(self) -> tuple[SettingCheck, ...]:
        return await setting_checks(self._settings)

    async def _health(self, database: Database) -> Health:
        try:
            await database.ping()
        except DatabaseUnavailable:
            return Health(ready=False, version=version(), database="away")
        state = "quarantined" if self._held else "ok"
        return Health(ready=not self._stop.is_set(), version=version(), database=state)

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)


def _beside(stack: AsyncExitStack, work: Coroutine[object, object, None]) -> None:
    """Run it until the stack is unwound; should it break, the log says so."""
    task = asyncio.create_task(work)
    task.add_done_callback(_ended)
    stack.callback(task.cancel)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("program.task_broke", exc_info=error)


def version() -> str:
    try:
        return version_of("seguito")
    except PackageNotFoundError:
        return "0.1.0"

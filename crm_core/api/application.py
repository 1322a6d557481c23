"""The FastAPI application: routers, documentation, and one store for all requests."""

from functools import cache
from threading import Lock

from fastapi import FastAPI

from crm_core import __version__
from crm_core.api.documentation import documentation_router
from crm_core.api.health import health_router
from crm_core.settings import Settings
from crm_core.store.session import Store, open_store

__all__ = ["make_api"]


def make_api(settings: Settings | None = None) -> FastAPI:
    """The interface to the database of ``settings``; opened by the first request, so that making it costs nothing.

    >>> sorted(make_api(Settings("sqlite://")).openapi()["paths"])
    ['/health']
    """
    chosen = settings or Settings.from_environment()
    opening = Lock()

    @cache
    def opened() -> Store:
        return open_store(chosen.database_url)

    def revision() -> int:
        with opening:  # two first requests at once must not migrate twice
            store = opened()
        return store.revision()

    api = FastAPI(
        title="Regulars",
        version=__version__,
        description="Customer intelligence for a company of one. Answers on this machine only.",
        docs_url=None,  # the usual pages load their scripts from the network
        redoc_url=None,
    )
    api.include_router(documentation_router(api))
    api.include_router(health_router(revision))
    return api

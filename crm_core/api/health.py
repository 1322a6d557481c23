"""GET /health: does the product answer, and does its database."""

from collections.abc import Callable

from fastapi import APIRouter, Response

from crm_core import __version__
from crm_core.api.schemas import Health
from crm_core.errors import CrmError
from crm_core.logs import log_failure

__all__ = ["health_router"]


def health_router(revision: Callable[[], int]) -> APIRouter:
    """The router; ``revision`` asks the database how often its facts have changed, and fails when it can't."""
    router = APIRouter(tags=["health"])

    @router.get("/health", responses={503: {"model": Health, "description": "The database can't be reached"}})
    def show_health(response: Response) -> Health:
        """Status, version, and whether the database can be reached; 503 when it can't."""
        try:
            revision()
        except Exception as error:
            response.status_code = 503
            return Health(status="unavailable", version=__version__, database="unreachable", reason=_explain(error))
        return Health(status="ok", version=__version__, database="reachable")

    return router


def _explain(error: Exception) -> str:
    """The sentence of an expected error; any other is logged with an id, and the id is told."""
    if isinstance(error, CrmError):
        return str(error)
    return f"The database does not answer; the log says more under {log_failure(error)}."

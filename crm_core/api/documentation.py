"""GET /docs: the interface described on one plain page, which fetches nothing from the network."""

from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

__all__ = ["documentation_router"]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root {{ color-scheme: light dark }}
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}
code {{ font-size: 1.05em }} li {{ margin: .2rem 0 }}
</style></head><body><h1>{title} {version}</h1><p>{description}</p>
<p>For programs: <a href="openapi.json">openapi.json</a></p>
{operations}</body></html>"""


def documentation_router(api: FastAPI) -> APIRouter:
    """The router that describes ``api`` as it is when the page is asked for."""
    router = APIRouter()

    @router.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    def show_documentation() -> str:
        """Every operation with what it takes and answers."""
        described = api.openapi()
        operations = [
            _describe(method, path, operation)
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
        ]
        facts = {name: escape(str(described["info"][name])) for name in ("title", "version", "description")}
        return PAGE.format(**facts, operations="\n".join(operations))

    return router


def _describe(method: str, path: str, operation: dict[str, Any]) -> str:
    """One operation as HTML.

    >>> _describe("get", "/health", {"summary": "Show", "responses": {"200": {"description": "Fine"}}})
    '<h2><code>GET /health</code></h2><p>Show</p><ul><li>200: Fine</li></ul>'
    """
    words = operation.get("description") or operation.get("summary", "")
    taken = [
        f"<li><code>{escape(one['name'])}</code> ({escape(one['in'])}) {escape(one.get('description', ''))}</li>"
        for one in operation.get("parameters", [])
    ]
    answers = [
        f"<li>{escape(code)}: {escape(answer.get('description', ''))}</li>"
        for code, answer in operation.get("responses", {}).items()
    ]
    heading = f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    return f"{heading}<p>{escape(words)}</p><ul>{''.join(taken + answers)}</ul>"

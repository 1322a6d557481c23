"""What the REST interface answers with."""

from typing import Literal

from pydantic import BaseModel, Field

__all__ = ["Health"]


class Health(BaseModel):
    """Whether the product can work."""

    status: Literal["ok", "unavailable"] = Field(description="ok when the database answers")
    version: str = Field(description="version of Regulars")
    database: Literal["reachable", "unreachable"] = Field(description="whether the database answers a question")
    reason: str | None = Field(default=None, description="one sentence that says why not")

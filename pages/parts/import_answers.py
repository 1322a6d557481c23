"""What the owner has said of a file so far, and how the file reads with it."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from crm_core.importing.choices import ImportChoices
from crm_core.importing.kinds import AUTO
from crm_core.services.imports import ImportPreview, preview_import
from pages.parts import loading

AS_USUAL = ImportChoices()


@dataclass(frozen=True)
class Brought:
    """An uploaded file. ``file_id``: what its widgets and its previews are kept under."""

    file_id: str
    name: str
    data: bytes


@dataclass(frozen=True)
class Answers:
    """What the owner said: kind of rows, columns that differ from what was recognised, currency, days, choices."""

    kind: str = AUTO
    mapping: tuple[tuple[str, str | None], ...] = ()
    currency: str | None = None
    dates: str | None = None
    choices: ImportChoices = AS_USUAL

    def as_asked(self) -> dict[str, Any]:
        """As ``import_file`` takes them."""
        return {
            "kind": self.kind,
            "mapping": dict(self.mapping),
            "currency": self.currency,
            "dates": self.dates,
            "choices": self.choices,
        }


def preview(file: Brought, answers: Answers) -> ImportPreview:
    """The file as it reads with these answers."""
    usual = loading.preferences()
    return _kept_preview(file.file_id, answers, usual.currency, usual.time_zone, file)


@st.cache_resource(max_entries=3, show_spinner="Reading the file …")
def _kept_preview(
    file_id: str,  # noqa: ARG001 -- with the answers, what the preview is kept under
    answers: Answers,
    default_currency: str,
    time_zone: str,
    _file: Brought,
) -> ImportPreview:
    return preview_import(
        _file.data, file_name=_file.name, default_currency=default_currency, time_zone=time_zone, **answers.as_asked()
    )

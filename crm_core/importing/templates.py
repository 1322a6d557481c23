"""An empty form for each kind of file, with two rows that show how its cells are written."""

import pandas as pd

from crm_core.importing.kinds import ImportKind, fields_of

__all__ = ["template"]

ROWS: dict[ImportKind, dict[str, tuple[str, str]]] = {
    ImportKind.ORDERS: {
        "order_id": ("1001", "1002"),
        "day": ("2026-01-31", "2026-02-14"),
        "email": ("ana@example.com", "ben@example.com"),
        "customer_name": ("Ana Ruiz", "Ben Okafor"),
        "product_id": ("T-1", "T-2"),
        "product_name": ("Tea, 100 g", "Teapot"),
        "quantity": ("2", "1"),
        "amount": ("12.50", "39.00"),
        "currency": ("EUR", "EUR"),
        "status": ("paid", "pending"),
    },
    ImportKind.CUSTOMERS: {
        "customer_id": ("17", "18"),
        "name": ("Ana Ruiz", "Ben Okafor"),
        "email": ("ana@example.com", "ben@example.com"),
        "phone": ("+34 912 345 678", "+44 20 7946 0018"),
        "postcode": ("28001", "SW1A 1AA"),
        "country": ("Spain", "United Kingdom"),
        "birthday": ("1985-06-30", "1990-12-01"),
    },
    ImportKind.PRODUCTS: {
        "product_id": ("T-1", "T-2"),
        "product_name": ("Tea, 100 g", "Teapot"),
        "category": ("Tea", "Pots"),
        "price": ("6.25", "39.00"),
        "cost": ("2.10", "18.00"),
        "currency": ("EUR", "EUR"),
    },
    ImportKind.INTERACTIONS: {
        "email": ("ana@example.com", "ben@example.com"),
        "day": ("2026-01-31", "2026-02-14"),
        "channel": ("phone", "visit"),
        "minutes": ("12", "45"),
        "note": ("Asked about the new harvest", "Chose a pot"),
    },
    ImportKind.TICKETS: {
        "ticket_id": ("501", "502"),
        "email": ("ana@example.com", "ben@example.com"),
        "opened": ("2026-01-31 09:30", "2026-02-14 16:00"),
        "subject": ("Parcel is late", "Lid is broken"),
        "first_response": ("45", "120"),
        "resolved": ("2026-02-01", ""),
        "status": ("closed", "open"),
    },
    ImportKind.SURVEYS: {
        "email": ("ana@example.com", "ben@example.com"),
        "day": ("2026-01-31", "2026-02-14"),
        "question": ("Would you recommend us?", "Would you recommend us?"),
        "score": ("9", "10"),
    },
}


def template(kind: ImportKind) -> pd.DataFrame:
    """Text cells under the names by which their columns are recognised.

    >>> template(ImportKind.SURVEYS).columns.tolist()
    ['E-mail', 'Day', 'Question', 'Score']
    """
    fields = fields_of(kind)
    return pd.DataFrame({fields[field].label: list(cells) for field, cells in ROWS[kind].items()}, dtype=object)

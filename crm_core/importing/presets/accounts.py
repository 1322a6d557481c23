"""Accounting programs."""

from crm_core.importing.presets.preset import Preset, Sum

__all__ = ["ACCOUNTS"]

INVOICED = "Every invoice counts as paid, because the file does not say which are. Credit notes are refunds."

ACCOUNTS = (
    Preset(
        source="xero",
        title="Xero sales invoices",
        needs=("*ContactName", "*InvoiceNumber", "*InvoiceDate", "*Quantity", "*UnitAmount"),
        columns={
            "order_id": "*InvoiceNumber",
            "customer_id": "*ContactName",
            "customer_name": "*ContactName",
            "email": "EmailAddress",
            "postcode": "POPostalCode",
            "country": "POCountry",
            "day": "*InvoiceDate",
            "quantity": "*Quantity",
            "product_id": "InventoryItemCode",
            "product_name": "*Description",
            "currency": "Currency",
        },
        amount=Sum("*UnitAmount", times="*Quantity"),
        dates="dmy",
        fill_down=True,
        rules=(INVOICED, "A line is its unit amount times quantity, without tax and discount."),
    ),
    Preset(
        source="quickbooks",
        title="QuickBooks invoices",
        needs=("*InvoiceNo", "*Customer", "*InvoiceDate", "*ItemAmount"),
        columns={
            "order_id": "*InvoiceNo",
            "customer_id": "*Customer",
            "customer_name": "*Customer",
            "day": "*InvoiceDate",
            "quantity": "ItemQuantity",
            "product_id": "Item(Product/Service)",
            "product_name": "ItemDescription",
        },
        amount=Sum("*ItemAmount"),
        fill_down=True,
        rules=(INVOICED, "The customer stands on an invoice's first line and holds for all of it."),
    ),
)

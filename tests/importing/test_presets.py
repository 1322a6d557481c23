"""Exports are recognised by their column names, in whatever order and whatever stands beside them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.importing.presets import PRESETS, find_preset, plain_name
from tests.importing.platform_headers import HEADERS

KNOWN = {
    "SHOPIFY": "Shopify orders",
    "SHOPIFY_OLDER": "Shopify orders",
    "STRIPE": "Stripe payments",
    "STRIPE_NEWER": "Stripe payments",
    "STRIPE_DEFAULT": "Stripe payments",
    "WOOCOMMERCE": "WooCommerce orders",
    "SQUARE": "Square transactions",
    "SQUARE_OLDER": "Square transactions",
    "SQUARE_ITEMS": "Square items",
    "PAYPAL": "PayPal activity",
    "PAYPAL_SHORTER": "PayPal activity",
    "ETSY_ITEMS": "Etsy sold items",
    "ETSY_ORDERS": "Etsy sold orders",
    "XERO": "Xero sales invoices",
    "QUICKBOOKS": "QuickBooks invoices",
    "AMAZON": "Amazon orders",
    "GUMROAD": "Gumroad sales",
    "TAOBAO": "Taobao or Tmall orders",
    "YOUZAN": "Youzan orders",
    "WECHAT": "WeChat Pay bill",
    "SHOPIFY_CUSTOMERS": "Shopify customers",
    "SHOPIFY_CUSTOMERS_OLDER": "Shopify customers",
    "STRIPE_CUSTOMERS": "Stripe customers",
    "WOOCOMMERCE_CUSTOMERS": "WooCommerce customers",
    "HUBSPOT": "HubSpot contacts",
    "HUBSPOT_OTHER": "HubSpot contacts",
    "GOOGLE": "Google contacts",
    "GOOGLE_OLDER": "Google contacts",
    "OUTLOOK": "Outlook contacts",
    "MAILCHIMP": "Mailchimp audience",
    "XERO_CONTACTS": "Xero contacts",
    "YOUZAN_CUSTOMERS": "Youzan customers",
    "LINKEDIN": "LinkedIn connections",
    "PATREON": "Patreon members",
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_platforms_header_is_its_own(name: str) -> None:
    found = find_preset(HEADERS[name])
    assert found is not None
    assert found.title == KNOWN[name]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(KNOWN)), st.randoms(use_true_random=False), st.lists(st.text(max_size=12), max_size=4))
def test_neither_order_nor_further_columns_nor_case_matter(name: str, order: random.Random, more: list[str]) -> None:
    header = [*HEADERS[name], *more]
    order.shuffle(header)
    found = find_preset([f" {column.upper()} " for column in header])
    assert found is find_preset(HEADERS[name])


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_without_a_column_that_it_needs_an_export_is_not_recognised(preset: object) -> None:
    needs = preset.needs  # type: ignore[attr-defined]
    for left_out in needs:
        header = [name if isinstance(name, str) else name[0] for name in needs if name != left_out]
        assert find_preset(header) is not preset


@pytest.mark.parametrize("name", KNOWN)
def test_no_column_that_is_rewritten_means_two_things(name: str) -> None:
    preset = find_preset(HEADERS[name])
    assert preset is not None
    there = {plain_name(column) for column in HEADERS[name]}
    firsts: dict[str, list[str]] = {}
    for field, wanted in preset.columns.items():
        names = [each for each in ((wanted,) if isinstance(wanted, str) else wanted) if plain_name(each) in there]
        if names:
            firsts.setdefault(names[0], []).append(field)
    rewritten = {"order_id", "day", "status", "product_id", "product_name", *preset.refund_columns}
    assert [fields for fields in firsts.values() if len(fields) > 1 and rewritten & set(fields)] == []
    assert not set(preset.amount.names[:1] if preset.amount else ()) & set(firsts)


@pytest.mark.parametrize(
    "header", [("customer_id", "email", "order_id", "date", "amount", "currency", "status"), ("id", "Amount", "Date")]
)
def test_other_files_are_of_no_platform(header: tuple[str, ...]) -> None:
    assert find_preset(header) is None

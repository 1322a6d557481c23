"""Exports of known platforms, taken in: orders, lines, statuses, refunds, days, money and people, and nothing twice."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm_core.importing.report import ImportReport
from crm_core.services.imports import import_file, preview_import, undo_import
from crm_core.services.preferences import change_preferences
from crm_core.store.session import Store, open_store
from tests.importing.platform_headers import made_up
from tests.services.test_imports import contents

NOW = datetime(2026, 3, 14, tzinfo=UTC)
Row = dict[str, str]


@dataclass(frozen=True)
class Case:
    """A platform's made-up export and what has to be stored.

    orders: [number, customer, day, status, currency, amount in minor units]; refunds: [order or None, day, amount];
    lines: [order, product or None, quantity or None, amount]; later: what changes in a later export, row -> cells;
    then_refunds: the refunds after that.
    """

    header: str
    source: str
    rows: list[Row]
    orders: list[tuple[Any, ...]]
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    refunds: list[tuple[Any, ...]] = field(default_factory=list)
    left_out: int = 0
    totals: dict[str, str] = field(default_factory=dict)
    later: dict[int, Row] = field(default_factory=dict)
    then_refunds: list[tuple[Any, ...]] = field(default_factory=list)


SHOPIFY_ROWS = [
    {
        "Name": "#1001", "Email": "Ana@x.org", "Financial Status": "paid", "Currency": "GBP", "Subtotal": "25.00",
        "Shipping": "4.00", "Taxes": "5.80", "Total": "34.80", "Created at": "2026-02-14 11:23:45 +0000",
        "Lineitem quantity": "2", "Lineitem name": "Soap", "Lineitem price": "10.00", "Lineitem sku": "S1",
        "Billing Name": "Ana One", "Billing Zip": "'0123", "Refunded Amount": "0.00", "Lineitem discount": "0.00",
    },
    {"Name": "#1001", "Lineitem quantity": "1", "Lineitem name": "Tea", "Lineitem price": "6.00",
     "Lineitem sku": "T1", "Lineitem discount": "1.00"},
    {"Name": "#1002", "Email": "ben@x.org", "Financial Status": "partially_refunded", "Currency": "GBP",
     "Total": "10.00", "Created at": "2026-02-15 09:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Soap",
     "Lineitem price": "10.00", "Lineitem sku": "S1", "Refunded Amount": "4.00"},
    {"Name": "#1003", "Email": "cem@x.org", "Financial Status": "voided", "Currency": "GBP", "Total": "10.00",
     "Created at": "2026-02-16 09:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Soap",
     "Lineitem price": "10.00", "Lineitem sku": "S1", "Cancelled at": "2026-02-16 10:00:00 +0000"},
    {"Name": "#1004", "Email": "", "Financial Status": "refunded", "Currency": "GBP", "Total": "6.00",
     "Created at": "2026-02-17 09:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Tea",
     "Lineitem price": "6.00", "Lineitem sku": "T1", "Refunded Amount": "6.00",
     "Cancelled at": "2026-02-18 10:00:00 +0000"},
    {"Name": "#1005", "Email": "ana@x.org", "Financial Status": "pending", "Currency": "GBP", "Total": "6.00",
     "Created at": "2026-02-18 09:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Tea",
     "Lineitem price": "6.00", "Lineitem sku": "T1", "Refunded Amount": "0.00"},
    {"Name": "#1006", "Email": "ana@x.org", "Financial Status": "paid", "Currency": "GBP", "Total": "6.00",
     "Created at": "2026-02-19 09:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Tea",
     "Lineitem price": "6.00", "Lineitem sku": "T1", "Cancelled at": "2026-02-20 10:00:00 +0000"},
]  # fmt: skip
SHOPIFY = Case(
    "SHOPIFY",
    "shopify",
    SHOPIFY_ROWS,
    orders=[
        ("#1001", "ana@x.org", "2026-02-14", "paid", "GBP", 3480),
        ("#1002", "ben@x.org", "2026-02-15", "paid", "GBP", 1000),
        ("#1003", "cem@x.org", "2026-02-16", "cancelled", "GBP", 1000),
        ("#1004", None, "2026-02-17", "paid", "GBP", 600),
        ("#1005", "ana@x.org", "2026-02-18", "pending", "GBP", 600),
        ("#1006", "ana@x.org", "2026-02-19", "cancelled", "GBP", 600),
    ],
    lines=[("#1001", None, None, 980), ("#1001", "S1", 2, 2000), ("#1001", "T1", 1, 500)],
    refunds=[("#1002", "2026-02-15", 400), ("#1004", "2026-02-17", 600)],
    totals={"GBP": "62.80"},
    later={2: {"Refunded Amount": "10.00", "Financial Status": "refunded"}},
    then_refunds=[("#1002", "2026-02-15", 400), ("#1002", "2026-02-15", 600), ("#1004", "2026-02-17", 600)],
)
STRIPE_ROWS = [
    {"id": "ch_1", "Amount": "20.00", "Amount Refunded": "0.00", "Currency": "usd", "Status": "Paid",
     "Customer ID": "cus_1", "Customer Email": "ana@x.org", "Created (UTC)": "2026-02-14 23:30", "Captured": "true",
     "Fee": "0.90", "Mode": "Live"},
    {"id": "ch_2", "Amount": "30.00", "Amount Refunded": "30.00", "Currency": "usd", "Status": "Refunded",
     "Customer ID": "cus_2", "Created (UTC)": "2026-02-15 08:00", "Captured": "true", "Mode": "Live"},
    {"id": "ch_3", "Amount": "5.00", "Amount Refunded": "0.00", "Currency": "usd", "Status": "Failed",
     "Customer ID": "cus_2", "Created (UTC)": "2026-02-15 08:00", "Captured": "false", "Mode": "Live"},
    {"id": "ch_4", "Amount": "500", "Amount Refunded": "0", "Currency": "jpy", "Status": "Paid",
     "Customer ID": "cus_1", "Created (UTC)": "2026-02-16 08:00", "Captured": "true", "Mode": "Test"},
    {"id": "ch_5", "Amount": "7.00", "Amount Refunded": "0.00", "Currency": "usd", "Status": "Paid",
     "Created (UTC)": "2026-02-16 08:00", "Captured": "False", "Mode": "Live"},
]  # fmt: skip
STRIPE = Case(
    "STRIPE",
    "stripe",
    STRIPE_ROWS,
    orders=[
        ("ch_1", "cus_1", "2026-02-15", "paid", "USD", 2000),  # already the next day in Berlin
        ("ch_2", "cus_2", "2026-02-15", "paid", "USD", 3000),
        ("ch_3", "cus_2", "2026-02-15", "cancelled", "USD", 500),
        ("ch_4", "cus_1", "2026-02-16", "test", "JPY", 500),
        ("ch_5", None, "2026-02-16", "pending", "USD", 700),
    ],
    refunds=[("ch_2", "2026-02-15", 3000)],
    totals={"JPY": "500", "USD": "32.00"},
    later={0: {"Amount Refunded": "5.00"}},
    then_refunds=[("ch_1", "2026-02-15", 500), ("ch_2", "2026-02-15", 3000)],
)
WOOCOMMERCE = Case(
    "WOOCOMMERCE",
    "woocommerce",
    [
        {"Date": "2026-02-14 10:00:00", "Order #": "71", "N. Revenue (formatted)": "€1,020.00", "Status": "completed",
         "Customer": "Ana One", "Product(s)": "2× Soap, 1× Tea", "Items sold": "3", "Net Sales": "1020"},
        {"Date": "2026-02-15 10:00:00", "Order #": "72", "N. Revenue (formatted)": "€5.50", "Status": "on-hold",
         "Customer": "Ben Two", "Net Sales": "5.5"},
        {"Date": "2026-02-20 10:00:00", "Order #": "71", "N. Revenue (formatted)": "-€20.00", "Status": "refunded",
         "Customer": "Ana One", "Net Sales": "-20"},
    ],
    orders=[
        ("71", "Ana One", "2026-02-14", "paid", "EUR", 102000),
        ("72", "Ben Two", "2026-02-15", "pending", "EUR", 550),
    ],
    refunds=[("71", "2026-02-20", 2000)],
    totals={"EUR": "1005.50"},
)  # fmt: skip
SQUARE = Case(
    "SQUARE",
    "square",
    [
        {"Date": "02/14/26", "Time": "10:00:00", "Time Zone": "Eastern Time (US & Canada)", "Gross Sales": "$50.00",
         "Net Sales": "$45.00", "Tax": "$4.00", "Tip": "$1.00", "Total Collected": "$50.00", "Card": "$50.00",
         "Fees": "-$1.50", "Net Total": "$48.50", "Transaction ID": "T1", "Payment ID": "P1", "Event Type": "Payment",
         "Customer ID": "C1", "Customer Name": "Ana One", "Transaction Status": "Complete"},
        {"Date": "02/16/26", "Gross Sales": "-$45.00", "Net Sales": "-$45.00", "Total Collected": "-$45.00",
         "Transaction ID": "T1", "Payment ID": "P2", "Event Type": "Refund", "Customer ID": "C1",
         "Transaction Status": "Complete"},
        {"Date": "02/17/26", "Gross Sales": "$8.00", "Net Sales": "$8.00", "Total Collected": "$8.00", "Cash": "$8.00",
         "Transaction ID": "T2", "Payment ID": "P3", "Event Type": "Payment", "Transaction Status": "Complete"},
    ],
    orders=[
        ("T1", "C1", "2026-02-14", "paid", "USD", 5000),
        ("T2", None, "2026-02-17", "paid", "USD", 800),
    ],
    refunds=[("T1", "2026-02-16", 4500)],
    totals={"USD": "13.00"},
)  # fmt: skip
SQUARE_ITEMS = Case(
    "SQUARE_ITEMS",
    "square",
    [
        {"Date": "02/14/26", "Item": "Soap", "Qty": "2", "SKU": "S1", "Gross Sales": "$20.00", "Discounts": "-$2.00",
         "Net Sales": "$18.00", "Tax": "$1.60", "Transaction ID": "T1", "Payment ID": "P1", "Event Type": "Payment",
         "Customer ID": "C1"},
        {"Date": "02/14/26", "Item": "Tea", "Qty": "1", "Gross Sales": "$5.00", "Net Sales": "$5.00", "Tax": "$0.40",
         "Transaction ID": "T1", "Payment ID": "P1", "Event Type": "Payment", "Customer ID": "C1"},
        {"Date": "02/16/26", "Item": "Soap", "Qty": "-1", "SKU": "S1", "Gross Sales": "-$9.00", "Net Sales": "-$9.00",
         "Tax": "-$0.80", "Transaction ID": "T1", "Payment ID": "P2", "Event Type": "Refund", "Customer ID": "C1"},
    ],
    orders=[("T1", "C1", "2026-02-14", "paid", "USD", 2500)],
    lines=[("T1", "S1", 2, 1960), ("T1", "Tea", 1, 540)],
    refunds=[("T1", "2026-02-16", 980)],
    totals={"USD": "15.20"},
)  # fmt: skip
PAYPAL = Case(
    "PAYPAL",
    "paypal",
    [
        {"Date": "14/02/2026", "Name": "Ana One", "Type": "Express Checkout Payment", "Status": "Completed",
         "Currency": "EUR", "Gross": "1.234,50", "Fee": "-40,00", "Net": "1.194,50", "From Email Address": "ana@x.org",
         "To Email Address": "me@shop.org", "Transaction ID": "X1", "Item Title": "Soap", "Quantity": "1",
         "Balance Impact": "Credit"},
        {"Date": "15/02/2026", "Name": "Ben Two", "Type": "Mobile Payment", "Status": "Pending", "Currency": "EUR",
         "Gross": "7,00", "Fee": "0,00", "Net": "7,00", "From Email Address": "ben@x.org", "Transaction ID": "X2"},
        {"Date": "20/02/2026", "Name": "Ana One", "Type": "Payment Refund", "Status": "Completed", "Currency": "EUR",
         "Gross": "-34,50", "Fee": "1,00", "Net": "-33,50", "From Email Address": "me@shop.org",
         "To Email Address": "ana@x.org", "Transaction ID": "X3", "Reference Txn ID": "X1", "Balance Impact": "Debit"},
        {"Date": "21/02/2026", "Type": "General Withdrawal", "Status": "Completed", "Currency": "EUR",
         "Gross": "-900,00", "Transaction ID": "X4", "Balance Impact": "Debit"},
        {"Date": "21/02/2026", "Type": "General Currency Conversion", "Status": "Completed", "Currency": "EUR",
         "Gross": "9,00", "Transaction ID": "X5", "Balance Impact": "Credit"},
        {"Date": "22/02/2026", "Name": "Printer Ltd", "Type": "Website Payment", "Status": "Completed",
         "Currency": "EUR", "Gross": "-55,00", "From Email Address": "me@shop.org", "Transaction ID": "X6"},
        {"Date": "23/02/2026", "Name": "Ana One", "Type": "Payment Refund", "Status": "Pending", "Currency": "EUR",
         "Gross": "-5,00", "To Email Address": "ana@x.org", "Transaction ID": "X7", "Reference Txn ID": "X1"},
        {"Date": "23/02/2026", "Name": "Ana One", "Type": "Website Payment", "Status": "Completed", "Currency": "EUR",
         "Gross": "5,00", "From Email Address": "ana@x.org", "Transaction ID": "X8", "Balance Impact": "Memo"},
    ],
    orders=[
        ("X1", "ana@x.org", "2026-02-14", "paid", "EUR", 123450),
        ("X2", "ben@x.org", "2026-02-15", "pending", "EUR", 700),
    ],
    lines=[("X1", "Soap", 1, 123450), ("X2", None, None, 700)],
    refunds=[("X1", "2026-02-20", 3450)],
    left_out=5,
    totals={"EUR": "1207.00"},
)  # fmt: skip
ETSY = Case(
    "ETSY_ORDERS",
    "etsy",
    [
        {"Sale Date": "02/03/26", "Order ID": "900", "Buyer User ID": "ana1", "Full Name": "Ana One", "Currency": "USD",
         "Order Value": "20.00", "Discount Amount": "2.00", "Shipping": "4.00", "Sales Tax": "1.00",
         "Order Total": "23.00", "Order Net": "22.00", "Ship Country": "Norway"},
        {"Sale Date": "02/04/26", "Order ID": "901", "Buyer User ID": "ben2", "Currency": "USD", "Order Value": "10.00",
         "Order Total": "10.00", "Order Net": "9.00", "Adjusted Order Total": "6.00"},
        {"Sale Date": "02/04/26", "Order ID": "901", "Buyer User ID": "ben2", "Currency": "USD", "Order Value": "10.00",
         "Order Total": "10.00", "Order Net": "9.00", "Adjusted Order Total": "6.00"},
    ],
    orders=[
        ("900", "ana1", "2026-02-03", "paid", "USD", 2300),
        ("901", "ben2", "2026-02-04", "paid", "USD", 1000),
    ],
    refunds=[("901", "2026-02-04", 400)],
    left_out=1,
    totals={"USD": "29.00"},
    later={0: {"Adjusted Order Total": "20.00"}},
    then_refunds=[("900", "2026-02-03", 300), ("901", "2026-02-04", 400)],
)  # fmt: skip
ETSY_ITEMS = Case(
    "ETSY_ITEMS",
    "etsy",
    [
        {"Sale Date": "02/03/26", "Item Name": "Soap", "Buyer": "ana1", "Quantity": "2", "Price": "5.00",
         "Discount Amount": "2.00", "Order Shipping": "4.00", "Order Sales Tax": "1.00", "Shipping Discount": "0.50",
         "Item Total": "10.00", "Currency": "USD", "Transaction ID": "t1", "Listing ID": "L1", "Order ID": "900"},
        {"Sale Date": "02/03/26", "Item Name": "Tea", "Buyer": "ana1", "Quantity": "1", "Price": "10.00",
         "Discount Amount": "0.00", "Order Shipping": "4.00", "Order Sales Tax": "1.00", "Shipping Discount": "0.50",
         "Item Total": "10.00", "Currency": "USD", "Transaction ID": "t2", "Listing ID": "L2", "Order ID": "900"},
    ],
    orders=[("900", "ana1", "2026-02-03", "paid", "USD", 2250)],
    lines=[("900", None, None, 450), ("900", "L1", 2, 800), ("900", "L2", 1, 1000)],
    totals={"USD": "22.50"},
)  # fmt: skip
AMAZON = Case(
    "AMAZON",
    "amazon",
    [
        {"amazon-order-id": "A-1", "purchase-date": "2026-02-14T10:00:00+00:00", "order-status": "Shipped",
         "product-name": "Soap", "sku": "S1", "quantity": "2", "currency": "EUR", "item-price": "20.00",
         "item-tax": "3.00", "shipping-price": "3.00", "item-promotion-discount": "1.00"},
        {"amazon-order-id": "A-1", "purchase-date": "2026-02-14T10:00:00+00:00", "order-status": "Shipped",
         "product-name": "Tea", "sku": "T1", "quantity": "1", "currency": "EUR", "item-price": "5.00"},
        {"amazon-order-id": "A-2", "purchase-date": "2026-02-15T10:00:00+00:00", "order-status": "Cancelled",
         "product-name": "Tea", "sku": "T1", "quantity": "0", "currency": "EUR"},
        {"amazon-order-id": "A-3", "purchase-date": "2026-02-15T10:00:00+00:00", "order-status": "Unshipped",
         "product-name": "Tea", "sku": "T1", "quantity": "1", "currency": "EUR", "item-price": "5.00"},
    ],
    orders=[
        ("A-1", None, "2026-02-14", "paid", "EUR", 2700),
        ("A-2", None, "2026-02-15", "cancelled", "EUR", 0),
        ("A-3", None, "2026-02-15", "paid", "EUR", 500),
    ],
    lines=[("A-1", "S1", 2, 2200), ("A-1", "T1", 1, 500), ("A-2", "T1", 0, 0), ("A-3", "T1", 1, 500)],
    totals={"EUR": "32.00"},
)  # fmt: skip
GUMROAD = Case(
    "GUMROAD",
    "gumroad",
    [
        {"Purchase ID": "g1", "Item Name": "Course", "Buyer Name": "Ana One", "Purchase Email": "ana@x.org",
         "Purchase Date": "2026-02-14", "Sale Price ($)": "40.00", "Fees ($)": "4.00", "Net Total ($)": "36.00",
         "Refunded?": "0", "Fully Refunded?": "0", "Product ID": "p1", "Quantity": "1"},
        {"Purchase ID": "g2", "Item Name": "Course", "Purchase Email": "ben@x.org", "Purchase Date": "2026-02-15",
         "Sale Price ($)": "40.00", "Refunded?": "1", "Fully Refunded?": "1", "Product ID": "p1", "Quantity": "1"},
        {"Purchase ID": "g3", "Item Name": "Book", "Buyer Email": "cem@x.org", "Purchase Date": "2026-02-16",
         "Sale Price ($)": "12.00", "Pre-order authorization?": "1", "Product ID": "p2", "Quantity": "1"},
        {"Purchase ID": "Totals", "Sale Price ($)": "92.00", "Fees ($)": "4.00"},
    ],
    orders=[
        ("g1", "ana@x.org", "2026-02-14", "paid", "USD", 4000),
        ("g2", "ben@x.org", "2026-02-15", "paid", "USD", 4000),
        ("g3", "cem@x.org", "2026-02-16", "pending", "USD", 1200),
    ],
    lines=[("g1", "p1", 1, 4000), ("g2", "p1", 1, 4000), ("g3", "p2", 1, 1200)],
    refunds=[("g2", "2026-02-15", 4000)],
    left_out=1,
    totals={"USD": "52.00"},
    later={0: {"Partial Refund ($)": "10.00", "Refunded?": "1"}},
    then_refunds=[("g1", "2026-02-14", 1000), ("g2", "2026-02-15", 4000)],
)  # fmt: skip
XERO = Case(
    "XERO",
    "xero",
    [
        {"*ContactName": "Ana Ltd", "EmailAddress": "ana@x.org", "*InvoiceNumber": "INV-1",
         "*InvoiceDate": "03/02/2026", "*DueDate": "01/03/2026", "*Description": "Advice", "*Quantity": "1.5",
         "*UnitAmount": "80.00", "Currency": "GBP"},
        {"*ContactName": "Ana Ltd", "EmailAddress": "ana@x.org", "*InvoiceNumber": "INV-1",
         "*InvoiceDate": "03/02/2026", "*DueDate": "01/03/2026", "InventoryItemCode": "S1", "*Description": "Soap",
         "*Quantity": "2", "*UnitAmount": "5.00", "Currency": "GBP"},
    ],
    orders=[("INV-1", "Ana Ltd", "2026-02-03", "paid", "GBP", 13000)],
    lines=[("INV-1", "Advice", 1.5, 12000), ("INV-1", "S1", 2, 1000)],
    totals={"GBP": "130.00"},
)  # fmt: skip
QUICKBOOKS = Case(
    "QUICKBOOKS",
    "quickbooks",
    [
        {"*InvoiceNo": "1", "*Customer": "Ana Ltd", "*InvoiceDate": "2026-02-03", "Item(Product/Service)": "Advice",
         "ItemQuantity": "2", "ItemRate": "80.00", "*ItemAmount": "160.00"},
        {"*InvoiceNo": "1", "Item(Product/Service)": "Soap", "ItemQuantity": "1", "*ItemAmount": "5.00"},
        {"*InvoiceNo": "2", "*Customer": "Ben Ltd", "*InvoiceDate": "2026-02-04", "Item(Product/Service)": "Soap",
         "ItemQuantity": "1", "*ItemAmount": "5.00"},
    ],
    orders=[
        ("1", "Ana Ltd", "2026-02-03", "paid", "EUR", 16500),
        ("2", "Ben Ltd", "2026-02-04", "paid", "EUR", 500),
    ],
    lines=[("1", "Advice", 2, 16000), ("1", "Soap", 1, 500), ("2", "Soap", 1, 500)],
    totals={"EUR": "170.00"},
)  # fmt: skip
TAOBAO = Case(
    "TAOBAO",
    "taobao",
    [
        {"订单编号": '="3510"', "买家会员名": "小安", "买家实际支付金额": "99.50", "订单状态": "交易成功",
         "收货人姓名": "安", "联系手机": "'13800000000", "订单创建时间": "2026-02-14 10:00:00", "宝贝标题 ": "肥皂",
         "宝贝种类 ": "1", "宝贝总数量": "2", "退款金额": "0.00"},
        {"订单编号": '="3511"', "买家会员名": "小安", "买家实际支付金额": "20.00", "订单状态": "交易关闭",
         "订单创建时间": "2026-02-15 10:00:00", "宝贝标题 ": "茶，肥皂", "宝贝种类 ": "2", "宝贝总数量": "2"},
        {"订单编号": '="3512"', "买家会员名": "小本", "买家实际支付金额": "0.00", "订单状态": "等待买家付款",
         "订单创建时间": "2026-02-16 10:00:00"},
    ],
    orders=[
        ("3510", "小安", "2026-02-14", "paid", "CNY", 9950),
        ("3511", "小安", "2026-02-15", "cancelled", "CNY", 2000),
        ("3512", "小本", "2026-02-16", "pending", "CNY", 0),
    ],
    lines=[("3510", "肥皂", 2, 9950), ("3511", None, 2, 2000), ("3512", None, None, 0)],
    totals={"CNY": "119.50"},
    later={0: {"退款金额": "9.50"}},
    then_refunds=[("3510", "2026-02-14", 950)],
)  # fmt: skip
YOUZAN = Case(
    "YOUZAN",
    "youzan",
    [
        {"订单号": "E1", "订单状态": "交易完成", "订单创建时间": "2026-02-14 10:00:00", "订单实付金额": "50.00",
         "全部商品名称": "茶", "商品种类数": "1", "买家昵称": "小安", "买家手机号": "13800000000",
         "订单已退款金额": "5.00", "销售渠道": "网店"},
        {"订单号": "E2", "订单状态": "待付款", "订单创建时间": "2026-02-15 10:00:00", "订单实付金额": "8.00",
         "收货人手机号/提货人手机号": "13900000000"},
    ],
    orders=[
        ("E1", "13800000000", "2026-02-14", "paid", "CNY", 5000),
        ("E2", "13900000000", "2026-02-15", "pending", "CNY", 800),
    ],
    lines=[("E1", "茶", None, 5000), ("E2", None, None, 800)],
    refunds=[("E1", "2026-02-14", 500)],
    totals={"CNY": "53.00"},
)  # fmt: skip
WECHAT = Case(
    "WECHAT",
    "wechat",
    [
        {"交易时间": "2026-02-14 10:00:00", "交易类型": "二维码收款", "交易对方": "小安", "商品": "/", "收/支": "收入",
         "金额(元)": "¥12.00", "当前状态": "已收钱", "交易单号": "100001\t"},
        {"交易时间": "2026-02-15 10:00:00", "交易类型": "商户消费", "交易对方": "超市", "收/支": "支出",
         "金额(元)": "¥30.00", "当前状态": "支付成功", "交易单号": "100002\t"},
        {"交易时间": "2026-02-16 10:00:00", "交易类型": "超市-退款", "交易对方": "超市", "收/支": "收入",
         "金额(元)": "¥3.00", "当前状态": "已全额退款", "交易单号": "100003\t"},
    ],
    orders=[("100001", "小安", "2026-02-14", "paid", "CNY", 1200)],
    left_out=2,
    totals={"CNY": "12.00"},
)  # fmt: skip
CASES = [
    SHOPIFY, STRIPE, WOOCOMMERCE, SQUARE, SQUARE_ITEMS, PAYPAL, ETSY, ETSY_ITEMS, AMAZON, GUMROAD, XERO, QUICKBOOKS,
    TAOBAO, YOUZAN, WECHAT,
]  # fmt: skip
of_each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.header.lower())


def fresh() -> Store:
    store = open_store("sqlite://")
    change_preferences(store, {"time_zone": "Europe/Berlin"})
    return store


def bring(store: Store, data: bytes, **more: Any) -> ImportReport:
    return import_file(store, data, file_name="export.csv", now=NOW, **more)


def rows_of(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql(query)
        found = [tuple(str(cell) if isinstance(cell, date) else cell for cell in row) for row in rows]
    return sorted(found, key=lambda row: [("" if cell is None else str(cell)) for cell in row])


def orders(store: Store) -> list[tuple[Any, ...]]:
    return rows_of(
        store,
        "SELECT o.source_id, c.source_id, ordered_on, status, currency, amount_minor FROM orders o "
        "LEFT JOIN customers c ON c.id = o.customer_id",
    )


def refunds(store: Store) -> list[tuple[Any, ...]]:
    return rows_of(
        store,
        "SELECT o.source_id, refunded_on, r.amount_minor FROM refunds r LEFT JOIN orders o ON o.id = r.order_id",
    )


def lines(store: Store) -> list[tuple[Any, ...]]:
    return rows_of(
        store,
        "SELECT o.source_id, p.source_id, quantity, l.amount_minor FROM order_lines l "
        "JOIN orders o ON o.id = l.order_id LEFT JOIN products p ON p.id = l.product_id",
    )


def check_stored(store: Store, report: ImportReport, case: Case) -> None:
    assert orders(store) == case.orders
    assert refunds(store) == case.refunds
    found = lines(store)
    assert [line for line in case.lines if line not in found] == []
    sums = rows_of(store, "SELECT order_id, sum(amount_minor) FROM order_lines GROUP BY order_id")
    assert sums == rows_of(store, "SELECT id, amount_minor FROM orders")
    assert report.source == case.source
    assert report.rows == len(case.rows) == report.accepted + report.duplicates + len(report.rejected)
    assert (report.duplicates, len(report.rejected)) == (0, case.left_out)
    assert report.totals == case.totals
    assert report.notes[0].startswith("Read as ")


@of_each
def test_an_export_is_stored_as_what_it_is(case: Case) -> None:
    store = fresh()
    check_stored(store, bring(store, made_up(case.header, case.rows)), case)


@of_each
@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_and_further_columns_change_nothing(case: Case, seed: int) -> None:
    store = fresh()
    data = made_up(case.header, case.rows, seed=seed, more=("Notes of mine", "Amount owed"))
    check_stored(store, bring(store, data), case)


@of_each
def test_the_same_export_again_adds_nothing(case: Case) -> None:
    store = fresh()
    data = made_up(case.header, case.rows)
    bring(store, data)
    before = orders(store), lines(store), refunds(store)
    again = bring(store, data)
    assert (again.accepted, again.refunds, again.orders.new, again.orders.updated) == (0, 0, 0, 0)
    assert again.duplicates == len(case.rows) - case.left_out
    assert again.totals == {}
    assert (orders(store), lines(store), refunds(store)) == before


@pytest.mark.parametrize("case", [case for case in CASES if case.later], ids=lambda case: case.header.lower())
def test_a_later_export_adds_just_the_refunds_since(case: Case) -> None:
    store = fresh()
    bring(store, made_up(case.header, case.rows))
    amounts, before = orders(store), contents(store)
    later = [row | case.later.get(at, {}) for at, row in enumerate(case.rows)]
    report = bring(store, made_up(case.header, later, seed=3))
    assert report.accepted == 0
    assert report.refunds == 1
    assert refunds(store) == case.then_refunds
    assert orders(store) == amounts
    undo_import(store, report.import_id or 0, now=NOW)
    assert contents(store) == before


@of_each
def test_undo_leads_back_and_a_second_import_keeps_its_own(case: Case) -> None:
    store = fresh()
    empty = contents(store)
    data = made_up(case.header, case.rows)
    first, second = bring(store, data), bring(store, data)
    undo_import(store, first.import_id or 0, now=NOW)
    assert (orders(store), refunds(store)) == (case.orders, case.refunds)
    undo_import(store, second.import_id or 0, now=NOW)
    assert contents(store) == empty


@of_each
def test_the_preview_says_which_export_it_is_and_comes_to_the_same(case: Case) -> None:
    seen = preview_import(made_up(case.header, case.rows), file_name="export.csv", time_zone="Europe/Berlin")
    assert seen.source.startswith("Read as ")
    assert seen.totals == case.totals
    assert seen.staged is not None
    assert len(seen.staged.rejected) == case.left_out


@pytest.mark.parametrize("totals_first", [True, False])
@pytest.mark.parametrize(("totals", "items"), [(ETSY, ETSY_ITEMS), (SQUARE, SQUARE_ITEMS)], ids=["etsy", "square"])
def test_two_files_of_one_shop_divide_its_orders_and_count_once(totals: Case, items: Case, totals_first: bool) -> None:
    store = fresh()
    files = [made_up(case.header, case.rows) for case in (totals, items)]
    reports = [bring(store, data) for data in (files if totals_first else files[::-1])]
    assert orders(store) == totals.orders
    given_back = sum(amount for _, _, amount in totals.refunds)
    assert sum(amount for _, _, amount in refunds(store)) in (given_back, sum(row[2] for row in items.refunds))
    assert len(refunds(store)) == max(len(totals.refunds), len(items.refunds))
    products = {line[1:] for line in lines(store) if line[1]}
    assert {line[1:] for line in items.lines if line[1]} <= products
    before = orders(store), lines(store), refunds(store)
    for data in files:
        assert bring(store, data).accepted == 0
    assert (orders(store), lines(store), refunds(store)) == before
    undo_import(store, reports[1].import_id or 0, now=NOW)
    assert orders(store) == totals.orders


def test_a_source_given_goes_before_the_platforms_name() -> None:
    store = fresh()
    data = made_up(SHOPIFY.header, SHOPIFY.rows)
    assert bring(store, data, source="second shop").source == "second shop"
    assert bring(store, data).duplicates == 0
    assert len(orders(store)) == 2 * len(SHOPIFY.orders)


def test_a_row_left_out_keeps_its_own_cells_and_says_why() -> None:
    report = bring(fresh(), made_up(PAYPAL.header, PAYPAL.rows))
    withdrawal = next(row for row in report.rejected if row.row_number == 5)
    assert withdrawal.reason == "export.csv, row 5 is left out: it is no sale."
    assert withdrawal.cells["Gross"] == "-900,00"


def test_a_cell_that_is_no_amount_is_named_as_it_stands() -> None:
    rows = [SHOPIFY.rows[0], SHOPIFY.rows[1] | {"Lineitem price": "six"}]
    report = bring(fresh(), made_up(SHOPIFY.header, rows))
    assert "export.csv, row 3, column 'Lineitem price': 'six' is not a number" in report.rejected[0].reason


def test_a_column_chosen_by_the_owner_goes_before_the_presets() -> None:
    store = fresh()
    rows = [row | {"Notes": "someone"} for row in QUICKBOOKS.rows]
    bring(store, made_up("QUICKBOOKS", rows, more=("Notes",)), mapping={"customer_id": "Notes", "product_id": None})
    assert {order[1] for order in orders(store)} == {"someone"}
    assert {line[1] for line in lines(store)} == {None}


def test_an_unknown_file_keeps_its_source_and_its_duplicates() -> None:
    store = fresh()
    data = b"customer_id,order_id,date,amount,currency\nana,1,2026-01-05,10.00,GBP\n"
    bring(store, data, source="shop")
    again = bring(store, data)
    assert (again.source, again.accepted, again.duplicates, again.notes) == ("shop", 0, 1, ())


def test_totals_and_refunds_are_kept_on_every_database(store: Store) -> None:
    change_preferences(store, {"time_zone": "Europe/Berlin"})
    files = [made_up(case.header, case.rows) for case in (SHOPIFY, ETSY, ETSY_ITEMS, PAYPAL)]
    for data in files:
        bring(store, data)
    every = sorted([*SHOPIFY.orders, *ETSY.orders, *PAYPAL.orders])
    assert orders(store) == every
    before = contents(store)
    later = [row | SHOPIFY.later.get(at, {}) for at, row in enumerate(SHOPIFY.rows)]
    report = bring(store, made_up(SHOPIFY.header, later))
    assert (report.refunds, report.orders.new) == (1, 0)
    undo_import(store, report.import_id or 0, now=NOW)
    assert contents(store) == before
    for data in files:
        assert bring(store, data).accepted == 0
    assert orders(store) == every


def test_an_orders_further_rows_hold_without_its_first() -> None:
    store = fresh()
    rows = [SHOPIFY.rows[0] | {"Lineitem price": "ten"}, SHOPIFY.rows[1] | {"Name": ""}]
    report = bring(store, made_up(SHOPIFY.header, rows))
    assert (report.accepted, len(report.rejected)) == (1, 1)
    assert orders(store) == SHOPIFY.orders[:1]
    assert lines(store) == [("#1001", None, None, 2980), ("#1001", "T1", 1, 500)]


def test_what_is_known_of_whole_orders_does_not_depend_on_their_place_in_the_file() -> None:
    store = fresh()
    by_order = [SHOPIFY.rows[3:], SHOPIFY.rows[2:3], SHOPIFY.rows[:2]]
    bring(store, made_up(SHOPIFY.header, [row for rows in by_order for row in rows]))
    assert orders(store) == SHOPIFY.orders
    assert refunds(store) == SHOPIFY.refunds

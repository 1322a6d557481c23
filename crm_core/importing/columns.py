"""Which column of a file is which field, by its name or as the owner says."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from crm_core.errors import ImportFileError

__all__ = ["FIELDS", "ColumnMapping", "Field", "check_mapping", "recognise_columns"]


@dataclass(frozen=True)
class Field:
    """What a column may mean: the name in a mapping, the owner's word, and the names that shops give it."""

    name: str
    label: str
    synonyms: tuple[str, ...]


FIELDS = (
    Field("customer_id", "Customer number", tuple(
        "customerid customer custid cust clientid client buyerid userid memberid customernumber customerno "
        "customercode accountid contactid kundennummer kundenid kunde clienteid idclient numeroclient "
        "kundennr kundecode mitgliedsnummer 客户编号 客户id 会员编号 会员id 买家id 用户id 客户".split())),
    Field("email", "E-mail", tuple(
        "email customeremail emailaddress mail billingemail buyeremail contactemail useremail correo "
        "mailadresse emailadresse kundenemail 邮箱 电子邮箱 电子邮件 邮件".split())),
    Field("customer_name", "Customer name", tuple(
        "customername name fullname buyername buyer billingname clientname contactname kundenname "
        "kundename vorundnachname 客户姓名 客户名称 姓名 买家姓名 买家昵称 收货人 收货人姓名".split())),
    Field("phone", "Phone", tuple("phone customerphone phonenumber telephone mobile billingphone telefon "
        "telefonnummer handy mobil mobilnummer 电话 手机 手机号 联系电话 联系手机".split())),
    Field("postcode", "Postcode", tuple("postcode zip zipcode postalcode billingzip billingpostcode plz "
        "postleitzahl 邮编 邮政编码".split())),
    Field("order_id", "Order number", tuple(
        "orderid order ordernumber orderno ordername orderref invoiceid invoice invoiceno invoicenumber receiptid "
        "receipt receiptno transactionid transaction saleid basketid bestellnummer auftragsnummer rechnungsnummer "
        "numerocommande pedido "
        "bestellnr auftragsnr rechnungsnr bestellung belegnummer belegnr 订单编号 订单号 单号 发票号".split())),
    Field("day", "Day", tuple(
        "orderedon orderdate dateordered orderedat orderday invoicedate purchasedate purchasedon saledate "
        "transactiondate date day createdat created paidat datetime timestamp datum bestelldatum rechnungsdatum "
        "fecha "
        "bestelltam kaufdatum auftragsdatum belegdatum verkaufsdatum 日期 订单日期 下单时间 订单创建时间 交易时间 "
        "购买日期 付款时间".split())),
    Field("amount", "Line total", tuple(
        "amount lineamount linetotal total totalamount amountpaid totalprice revenue sales spend spent paid value sum "
        "subtotal grandtotal ordertotal betrag umsatz summe gesamt gesamtbetrag montant importe "
        "gesamtpreis gesamtsumme bruttobetrag rechnungsbetrag endbetrag zeilensumme bestellwert "
        "金额 总金额 实付金额 订单金额 总价 付款金额".split())),
    Field("unit_price", "Unit price", tuple(
        "unitprice priceperunit itemprice priceeach lineitemprice unitcost price einzelpreis stueckpreis "
        "preis prixunitaire preciounitario "
        "stuckpreis preisprostuck einzelpreisbrutto 单价 价格".split())),
    Field("quantity", "Quantity", tuple(
        "quantity qty units unitssold count pieces itemquantity lineitemquantity menge anzahl quantite "
        "stuckzahl stueckzahl stuck stueck 数量 件数".split())),
    Field("product_id", "Product number", tuple(
        "productid sku stockcode itemid productcode itemcode articleid articlenumber productsku lineitemsku variantid "
        "artikelnummer "
        "artikelnr produktnummer produktnr produktid artnr 商品编号 商品编码 商品id 货号".split())),
    Field("product_name", "Product name", tuple(
        "productname product description itemname item itemdescription producttitle title lineitemname article "
        "artikel produkt bezeichnung produit producto "
        "artikelname artikelbezeichnung produktname warenbezeichnung 商品 商品名称 产品 产品名称 宝贝标题".split())),
    Field("currency", "Currency", tuple("currency currencycode curr waehrung wahrung devise moneda "
        "wahrungscode 币种 货币".split())),
    Field("country", "Country", tuple(
        "country customercountry billingcountry shippingcountry countrycode land pays pais "
        "lieferland rechnungsland 国家".split())),
    Field("channel", "Channel", tuple("channel saleschannel source sourcename platform kanal "
        "vertriebskanal verkaufskanal quelle 渠道 来源 销售渠道".split())),
    Field("status", "Status", tuple("status orderstatus paymentstatus financialstatus state "
        "bestellstatus zahlungsstatus auftragsstatus 状态 订单状态".split())),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}


@dataclass(frozen=True)
class ColumnMapping:
    """The recognised columns: ``columns[field] -> column``; ``missing`` says what every row needs and lacks.

    ``guests``: a file that names no customer will do, because its platform does not.
    """

    header: tuple[str, ...]
    columns: Mapping[str, str]
    guests: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed fields without a column; an alternative counts as the first of its two."""
        needed = []
        if not self.guests and not {"customer_id", "email"} & set(self.columns):
            needed.append("customer_id")
        if "day" not in self.columns:
            needed.append("day")
        if "amount" not in self.columns and not {"unit_price", "quantity"} <= set(self.columns):
            needed.append("quantity" if "unit_price" in self.columns else "amount")
        return tuple(needed)

    @property
    def unused(self) -> tuple[str, ...]:
        """The columns that mean nothing to us."""
        return tuple(name for name in self.header if name not in self.columns.values())


def recognise_columns(header: tuple[str, ...], given: Mapping[str, str | None] | None = None) -> ColumnMapping:
    """Each field's column: as given (None: leave the field out), else by its name.

    "Price" is the unit price beside a quantity and the line's total without one.

    >>> dict(recognise_columns(("Customer ID", "InvoiceDate", "Quantity", "Price")).columns)
    {'customer_id': 'Customer ID', 'day': 'InvoiceDate', 'unit_price': 'Price', 'quantity': 'Quantity'}
    >>> dict(recognise_columns(("buyer", "date", "price"), {"customer_id": "buyer"}).columns)
    {'customer_id': 'buyer', 'day': 'date', 'amount': 'price'}
    """
    asked = dict(given or {})
    _check_given(header, asked)
    taken = {column for column in asked.values() if column}
    by_plain_name: dict[str, str] = {}
    for column in header:
        if column not in taken:
            by_plain_name.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for field in FIELDS:
        known = next((name for name in field.synonyms if name in by_plain_name), None)
        own = by_plain_name.pop(known) if known and field.name not in asked else None
        chosen = asked.get(field.name, own)
        if chosen:
            found[field.name] = chosen
    if "unit_price" in found and not {"quantity", "amount"} & set(found) and "unit_price" not in asked:
        found["amount"] = found.pop("unit_price")
    return ColumnMapping(header, found)


def check_mapping(mapping: ColumnMapping, *, file_name: str) -> None:
    """ImportFileError when a needed column is missing: what was there, and what it might be."""
    if not mapping.missing:
        return
    needs = ", ".join(_needed_words(name) for name in mapping.missing)
    there = ", ".join(f"'{name}'" for name in mapping.header)
    likely = [name for field in mapping.missing for name in _likely_columns(field, mapping)]
    guess = f" Did you mean '{likely[0]}'?" if likely else ""
    raise ImportFileError(
        f"{file_name} needs {needs}; found {there}.{guess} "
        "Say which column is which on the import page, or with --mapping FILE.json."
    )


def _check_given(header: tuple[str, ...], given: dict[str, str | None]) -> None:
    for field, column in given.items():
        if field not in BY_NAME:
            near = get_close_matches(field, BY_NAME, n=1)
            raise ImportFileError(
                f"The mapping names the field '{field}', which does not exist; the fields are {', '.join(BY_NAME)}."
                + (f" Did you mean '{near[0]}'?" if near else "")
            )
        if column and column not in header:
            near = get_close_matches(column, header, n=1, cutoff=0.5)
            there = ", ".join(f"'{name}'" for name in header)
            raise ImportFileError(
                f"The mapping names the column '{column}' for {field}; the file has {there}."
                + (f" Did you mean '{near[0]}'?" if near else "")
            )


def _needed_words(field: str) -> str:
    other = {"customer_id": " or 'email'", "amount": " (or 'unit_price' and 'quantity')"}
    return f"'{field}'{other.get(field, '')}"


def _likely_columns(field: str, mapping: ColumnMapping) -> list[str]:
    """Unused columns whose name is near to one of the field's names, or shares its beginning."""
    plain = {_plain(column): column for column in mapping.unused}
    names = BY_NAME[field].synonyms + (BY_NAME["email"].synonyms if field == "customer_id" else ())
    near = [match for name in names for match in get_close_matches(name, plain, n=1, cutoff=0.75)]
    near += [there for there in plain for name in names if len(name) > 3 and (name in there or there in name) and there]
    return [plain[name] for name in dict.fromkeys(near)]


def _plain(column: str) -> str:
    """A column's name without case, accents, blanks and punctuation.

    >>> _plain("Customer-ID "), _plain("Währung"), _plain("订单 编号")
    ('customerid', 'wahrung', '订单编号')
    """
    letters = unicodedata.normalize("NFKD", column)
    return re.sub(r"[\W_]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold())

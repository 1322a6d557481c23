"""The columns of a list of products, and the names that shops give them."""

from crm_core.importing.fields import Field
from crm_core.importing.order_fields import ORDER_FIELDS

__all__ = ["PRODUCT_FIELDS"]

_OF_ORDERS = {field.name: field for field in ORDER_FIELDS}

PRODUCT_FIELDS = (
    Field("product_id", "Product number", (
        *_OF_ORDERS["product_id"].synonyms, *"variantsku id number nummer handle barcode ean gtin 编号".split())),
    Field("product_name", "Product name", (
        *_OF_ORDERS["product_name"].synonyms, *"name 名称 品名".split())),
    Field("category", "Category", tuple(
        "category categories productcategory productcategories categoryname type producttype group productgroup "
        "department collection kategorie kategorien warengruppe produktgruppe artikelgruppe produktkategorie gruppe "
        "分类 类别 类目 商品分类 商品类目".split())),
    Field("price", "Price", tuple(
        "price unitprice variantprice regularprice saleprice sellingprice retailprice listprice grossprice "
        "preis verkaufspreis vkpreis vk bruttopreis einzelpreis stuckpreis 价格 售价 单价 销售价".split())),
    Field("cost", "Cost", tuple(
        "cost unitcost costperitem costprice costofgoods purchaseprice wholesaleprice einkaufspreis ekpreis ek kosten "
        "selbstkosten 成本 成本价 进价 采购价".split())),
    Field("currency", "Currency", _OF_ORDERS["currency"].synonyms),
)  # fmt: skip

"""The columns of an orders file, and the names that shops give them."""

from crm_core.importing.fields import Field

__all__ = ["ORDER_FIELDS"]

ORDER_FIELDS = (
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
        "productid productnumber productno sku stockcode itemid productcode itemcode articleid articlenumber "
        "productsku lineitemsku variantid artikelnummer "
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

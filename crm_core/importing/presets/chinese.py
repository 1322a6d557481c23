"""Chinese platforms."""

from crm_core.importing.presets.preset import Preset, Rows, Sum
from crm_core.vocabulary import OrderStatus

__all__ = ["CHINESE"]

PAID, PENDING, CANCELLED = OrderStatus.PAID, OrderStatus.PENDING, OrderStatus.CANCELLED
COUNTED = "Unpaid and closed orders don't count; what was refunded is taken off, on the order's own day."
JOINED = "The product is known where an order has one kind of product; the file joins several in one cell."

CHINESE = (
    Preset(
        source="taobao",
        title="Taobao or Tmall orders",
        needs=("订单编号", "买家会员名", "买家实际支付金额", "订单状态", "订单创建时间"),
        columns={
            "order_id": "订单编号",
            "customer_id": "买家会员名",
            "customer_name": "收货人姓名",
            "phone": ("联系手机", "联系电话"),
            "day": "订单创建时间",
            "quantity": "宝贝总数量",
            "product_name": "宝贝标题",
            "status": "订单状态",
        },
        amount=Sum("买家实际支付金额"),
        refunded="退款金额",
        product_where=Rows("宝贝种类", ("1",)),
        statuses={
            "交易成功": PAID,
            "买家已付款，等待卖家发货": PAID,
            "卖家已发货，等待买家确认": PAID,
            "卖家部分发货": PAID,
            "等待买家付款": PENDING,
            "交易关闭": CANCELLED,
            "交易关闭(退款)": CANCELLED,
        },
        one_row_per_order=True,
        currency="CNY",
        rules=("The amount is what the buyer paid, in yuan.", COUNTED, JOINED),
    ),
    Preset(
        source="youzan",
        title="Youzan orders",
        needs=("订单号", "订单状态", "订单创建时间", "订单实付金额", "买家手机号"),
        columns={
            "order_id": "订单号",
            "customer_id": ("买家手机号", "收货人手机号/提货人手机号"),
            "customer_name": ("买家昵称", "收货人/提货人"),
            "phone": "收货人手机号/提货人手机号",
            "day": "订单创建时间",
            "product_name": "全部商品名称",
            "channel": "销售渠道",
            "status": "订单状态",
        },
        amount=Sum("订单实付金额"),
        refunded="订单已退款金额",
        product_where=Rows("商品种类数", ("1",)),
        statuses={
            "交易完成": PAID,
            "交易成功": PAID,
            "已完成": PAID,
            "已发货": PAID,
            "待发货": PAID,
            "待付款": PENDING,
            "待成团": PENDING,
            "交易关闭": CANCELLED,
            "已关闭": CANCELLED,
        },
        one_row_per_order=True,
        currency="CNY",
        rules=("The amount is what was paid, in yuan.", COUNTED, JOINED),
    ),
    Preset(
        source="wechat",
        title="WeChat Pay bill",
        needs=("交易时间", "交易类型", "交易对方", "收/支", "金额(元)", "当前状态", "交易单号"),
        columns={
            "order_id": "交易单号",
            "customer_id": "交易对方",
            "customer_name": "交易对方",
            "day": "交易时间",
            "product_name": "商品",
            "status": "当前状态",
        },
        amount=Sum("金额(元)"),
        statuses={
            "支付成功": PAID,
            "已收钱": PAID,
            "已存入零钱": PAID,
            "朋友已收钱": PAID,
            "已全额退款": PAID,
            "对方已退还": CANCELLED,
        },
        fully_refunded=Rows("当前状态", ("已全额退款",)),
        keep_out=(
            (Rows("收/支", ("收入",), but=True), "it is no income"),
            (Rows("交易类型", ("退款",), within=True), "it is money that came back to you"),
        ),
        one_row_per_order=True,
        currency="CNY",
        rules=("Only income counts, in yuan; spending and transfers of your own are left out.",),
    ),
)

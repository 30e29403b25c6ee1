"""One snapshot of each document, as the apps write them."""

HOUSE = {
    "zh-hans": {
        "name": "订单通示范贸易有限公司",
        "other_name": "Orderway Model Trading Co., Ltd.",
        "address": "上海市浦东新区示范路 100 号",
        "phone": "021-5555 0100",
        "bank": "示范银行上海浦东支行",
        "bank_account": "6222 0000 0000 0000",
        "tax_id": "91310000MA00000000",
    },
    "en": {
        "name": "Orderway Model Trading Co., Ltd.",
        "other_name": "订单通示范贸易有限公司",
        "address": "100 Shifan Road, Pudong, Shanghai",
        "phone": "021-5555 0100",
        "bank": "Model Bank, Shanghai Pudong Branch",
        "bank_account": "6222 0000 0000 0000",
        "tax_id": "91310000MA00000000",
    },
}
CUSTOMER = {
    "name": "苏州镕鑫精密机械有限公司",
    "address": "江苏省苏州市工业园区星湖街 328 号创意产业园 4 栋",
    "contact": "喆琳 · 王",
    "phone": "0512-6288 0000",
}
_PRODUCTS = [
    ("BRG-6204-2RS", "深沟球轴承 6204-2RS", "内径 20 mm，外径 47 mm，双面密封", "120", "个", "18.6"),
    ("SHF-42CR-300", "传动轴 42CrMo", "直径 30 mm × 300 mm，调质 HRC 28–32", "36", "根", "245"),
    ("LUB-EP2-15", "锂基润滑脂 EP2", "15 kg/桶", "2.25", "桶", "386.4"),
    ("BLT-M12-80", "Hexagon bolt M12 × 80, grade 10.9", "DIN 931, zinc flake", "1250", "pcs", "1.0375"),
]


def order_confirmation(*, lines: int = 4) -> dict:
    return {
        "number": "SO-20261121-001",
        "order_date": "2026-11-21",
        "customer": CUSTOMER,
        "customer_order_number": "PO-88213/26",
        "currency": "CNY",
        "lines": [
            {
                "position": place + 1,
                "code": code,
                "name": name,
                "specification": specification,
                "quantity": quantity,
                "unit": unit,
                "price": price,
                "discount": "5" if place % 4 == 1 else "0",
                "tax_rate": "0.13",
                "due_on": "2026-12-05",
                "promised_on": "2026-12-08",
                "total": "12345.6",
            }
            for place in range(lines)
            for code, name, specification, quantity, unit, price in [_PRODUCTS[place % 4]]
        ],
        "goods_total": "13218.52",
        "discount_total": "441",
        "tax_total": "1470.02",
        "freight": "120",
        "grand_total": "12897.52",
        "capital_total": "壹万贰仟捌佰玖拾柒元伍角贰分",
        "payment_terms": "30% 预付，余款月结 30 天",
        "ship_to": "江苏省苏州市工业园区星湖街 328 号 4 栋收货区",
        "note": "请按批次贴标签；与上次 SO-20260918-004 同一包装。",
    }


def delivery_note() -> dict:
    order = order_confirmation()
    kept = ("position", "code", "name", "specification", "quantity", "unit")
    return {
        "number": "DN-20261203-007",
        "order_number": order["number"],
        "customer": dict(CUSTOMER),
        "ship_to": order["ship_to"],
        "dispatched_at": "2026-12-03T06:20:00+00:00",
        "carrier": "德邦物流",
        "waybill": "DPK301882730122",
        "expected_on": "2026-12-05",
        "lines": [{name: line[name] for name in kept} for line in order["lines"]],
    }


def invoice() -> dict:
    return {
        "number": "26FP000137",
        "kind": "special",
        "issued_on": "2026-12-10",
        "seller": {
            "name": "订单通示范贸易有限公司",
            "tax_id": "91310000MA00000000",
            "address": "上海市浦东新区示范路 100 号，021-5555 0100",
            "bank": "示范银行上海浦东支行 6222 0000 0000 0000",
        },
        "buyer": {
            "name": CUSTOMER["name"],
            "tax_id": "91320594MA1XXXXXX0",
            "address": CUSTOMER["address"] + "，0512-6288 0000",
            "bank": "苏州银行园区支行 5100 0000 0000",
        },
        "order_number": "SO-20261121-001",
        "currency": "CNY",
        "lines": [
            {
                "name": "深沟球轴承 6204-2RS",
                "specification": "双面密封",
                "unit": "个",
                "quantity": "120",
                "price_net": "16.4602",
                "amount_net": "1975.22",
                "tax_rate": "0.13",
                "tax": "256.78",
                "total": "2232",
            },
            {
                "name": "传动轴 42CrMo",
                "specification": "直径 30 mm × 300 mm",
                "unit": "根",
                "quantity": "36",
                "price_net": "216.8142",
                "amount_net": "7415.04",
                "tax_rate": "0.13",
                "tax": "963.96",
                "total": "8379",
            },
        ],
        "net_total": "9390.26",
        "tax_total": "1220.74",
        "total": "10611",
        "capital_total": "壹万零陆佰壹拾壹元整",
        "note": "合同号 HT-2026-0418",
    }


def weekly_exceptions() -> dict:
    return {
        "number": "2026-W47",
        "week": "2026-W47",
        "generated_at": "2026-11-23T00:00:00+00:00",
        "sections": [
            {
                "title": "Shipments beyond payment",
                "rule": "R5.3",
                "columns": [
                    "Shipment",
                    "Customer",
                    "Owner",
                    "Days",
                    "Goods value",
                    "Paid",
                    "Beyond",
                    "Explanation",
                ],
                "rows": [
                    [
                        "SH-2611-0032",
                        "苏州镕鑫精密机械有限公司",
                        "李珊",
                        "5",
                        "84,200.00",
                        "50,000.00",
                        "34,200.00",
                        "客户承诺本周五前付清余款，已附银行回单扫描件。",
                    ],
                    ["SH-2611-0041", "宁波海曙昇辉电器厂", "赵磊", "2", "12,060.00", "0.00", "12,060.00", ""],
                ],
                "totals": ["", "", "", "", "96,260.00", "50,000.00", "46,260.00", ""],
            },
            {
                "title": "Abnormal stock",
                "rule": "R4.12",
                "columns": ["Order", "Line", "Product", "Quantity", "Value", "Overdue days"],
                "rows": [
                    [
                        f"SO-20260{n % 9 + 1}12-00{n % 9}",
                        str(n),
                        "传动轴 42CrMo",
                        str(n * 3),
                        f"{n * 815:,}.00",
                        str(14 + n),
                    ]
                    for n in range(1, 30)
                ],
                "totals": ["", "", "", "", "354,525.00", ""],
            },
            {
                "title": "Problem dispatched goods",
                "rule": "R6.5",
                "columns": ["Shipment"],
                "rows": [],
                "totals": [],
            },
        ],
    }


def quotation() -> dict:
    order = order_confirmation()
    kept = (
        "currency",
        "goods_total",
        "discount_total",
        "tax_total",
        "freight",
        "grand_total",
        "capital_total",
    )
    return {
        **{name: order[name] for name in kept},
        "number": "Q-SH-20261122-001",
        "quoted_on": "2026-11-22",
        "valid_until": "2026-12-22",
        "customer": {name: CUSTOMER[name] for name in ("name", "address", "contact")},
        "enquiry": "RFQ-2026/88",
        "lines": [
            {name: line[name] for name in line if name not in ("due_on", "promised_on")}
            | {"lead_days": str(10 + place)}
            for place, line in enumerate(order["lines"])
        ],
        "freight_bearer": "Customer",
        "payment_terms": order["payment_terms"],
        "contact": "陈晓",
        "note": order["note"],
    }


PAPERS = {
    "order_confirmation": order_confirmation,
    "quotation": quotation,
    "delivery_note": delivery_note,
    "invoice": invoice,
    "weekly_exceptions": weekly_exceptions,
}

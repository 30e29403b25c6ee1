"""What the demo company sells and to whom: plain lists, so that every demo looks alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from itertools import product as pairs

COMPANY = "宏远精密制造有限公司"


@dataclass(frozen=True)
class Good:
    """One product of the demo catalogue; price in CNY, tax included, per unit."""

    code: str
    name: str
    name_en: str
    specification: str
    category: str
    unit: str
    price: Decimal
    made_to_order: bool
    barcode: str


@dataclass(frozen=True)
class Buyer:
    """One customer of the demo company."""

    code: str
    name: str
    city: str
    district: str
    contact: str
    phone: str


#: category code: (name, demanded attachments, goods as (code, name, English, unit, first price, step), sizes, made to order)
_RANGES = {
    "FM": ("阀门", [], [
        ("FM-QF", "不锈钢球阀", "Stainless ball valve", "只", "86.00", "17.50"),
        ("FM-DF", "对夹蝶阀", "Wafer butterfly valve", "只", "128.00", "22.00"),
        ("FM-ZF", "暗杆闸阀", "Gate valve", "只", "152.00", "28.40"),
        ("FM-ZH", "旋启止回阀", "Swing check valve", "只", "98.00", "19.80"),
    ], ["DN15", "DN20", "DN25", "DN32", "DN40", "DN50", "DN65", "DN80", "DN100", "DN150"], False),
    "BJ": ("泵及配件", [], [
        ("BJ-LX", "立式离心泵", "Vertical centrifugal pump", "台", "1280.00", "310.00"),
        ("BJ-YL", "离心泵叶轮", "Pump impeller", "件", "168.00", "36.00"),
        ("BJ-JF", "机械密封", "Mechanical seal", "套", "145.00", "24.50"),
    ], ["1.1kW", "1.5kW", "2.2kW", "3.0kW", "4.0kW", "5.5kW", "7.5kW", "11kW", "15kW", "18.5kW"], False),
    "FL": ("法兰管件", [], [
        ("FL-PH", "平焊法兰", "Slip-on flange", "片", "22.00", "6.20"),
        ("FL-DH", "对焊法兰", "Weld-neck flange", "片", "34.00", "8.90"),
        ("FL-WT", "冲压弯头90°", "90° elbow", "个", "9.80", "3.60"),
        ("FL-ST", "等径三通", "Equal tee", "个", "14.50", "4.80"),
    ], ["DN15", "DN20", "DN25", "DN32", "DN40", "DN50", "DN65", "DN80", "DN100", "DN150"], False),
    "DG": ("配电柜", ["平面图", "立面图", "配置清单"], [
        ("DG-GGD", "GGD低压配电柜", "GGD low-voltage cabinet", "台", "8600.00", "1450.00"),
        ("DG-XL", "XL-21动力配电箱", "XL-21 power box", "台", "2350.00", "380.00"),
    ], ["400A", "630A", "800A", "1000A", "1250A"], True),
    "JG": ("机加工件", [], [
        ("JG-ZH", "传动轴", "Drive shaft", "件", "156.00", "42.00"),
        ("JG-CL", "直齿轮", "Spur gear", "件", "88.00", "26.00"),
        ("JG-FL", "轴承座", "Bearing housing", "件", "112.00", "31.00"),
        ("JG-GT", "液压缸筒", "Hydraulic cylinder tube", "件", "235.00", "57.00"),
    ], ["40Cr Φ25", "40Cr Φ30", "40Cr Φ35", "45# Φ40", "45# Φ50", "45# Φ60", "42CrMo Φ70", "42CrMo Φ80"], True),
    "JJ": ("紧固件", [], [
        ("JJ-LS", "六角螺栓8.8级", "Hex bolt 8.8", "kg", "9.60", "0.35"),
        ("JJ-LM", "六角螺母", "Hex nut", "kg", "10.20", "0.30"),
        ("JJ-DP", "平垫圈", "Plain washer", "kg", "8.40", "0.25"),
    ], ["M6", "M8", "M10", "M12", "M14", "M16", "M18", "M20", "M24", "M30"], False),
    "DL": ("电线电缆", [], [
        ("DL-YJV", "YJV电力电缆", "YJV power cable", "m", "18.50", "9.40"),
        ("DL-RVV", "RVV护套线", "RVV flexible cord", "m", "3.20", "1.85"),
        ("DL-KVV", "KVV控制电缆", "KVV control cable", "m", "6.40", "2.30"),
    ], ["3×1.5", "3×2.5", "3×4", "3×6", "4×10", "4×16", "4×25"], False),
}  # fmt: skip

_CITIES = [
    ("北京", "大兴区科创六街"), ("天津", "西青区赛达大道"), ("石家庄", "高新区黄河大道"), ("济南", "历城区工业南路"),
    ("青岛", "黄岛区江山南路"), ("太原", "小店区龙盛街"), ("郑州", "经开区第八大街"), ("沈阳", "铁西区开发大路"),
    ("大连", "金州区双D港"), ("唐山", "路北区建设北路"), ("上海", "嘉定区曹安公路"), ("苏州", "工业园区星湖街"),
    ("无锡", "新吴区长江路"), ("常州", "武进区湖塘镇"), ("南京", "江宁区秣周东路"), ("杭州", "萧山区市心北路"),
    ("宁波", "北仑区明州路"), ("合肥", "蜀山区望江西路"), ("南通", "崇川区通富路"), ("嘉兴", "南湖区亚太路"),
]  # fmt: skip
_FIRMS = ["恒达机电有限公司", "华宇工程设备有限公司", "瑞丰流体控制有限公司"]
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = ["建国", "丽华", "志强", "晓燕", "海涛", "雪梅", "文博", "佳怡", "永强", "春玲"]


def goods() -> Iterator[Good]:
    """The catalogue: every range in each of its sizes."""
    serial = count(1)
    for category, (_name, _papers, rows, sizes, made) in _RANGES.items():
        for (code, name, english, unit, first, step), (place, size) in pairs(rows, enumerate(sizes)):
            price = Decimal(first) + Decimal(step) * place
            yield Good(
                f"{code}-{place + 1:02}",
                f"{name} {size}",
                f"{english} {size}",
                size,
                category,
                unit,
                price,
                made,
                _ean13(f"69012345{next(serial):04}"),
            )


def categories() -> Iterator[tuple[str, str, list[str]]]:
    """Code, name and demanded attachments of each category."""
    for code, (name, papers, *_rest) in _RANGES.items():
        yield code, name, papers


def buyers() -> Iterator[Buyer]:
    """Sixty customers in twenty cities; the first ten cities belong to the northern team."""
    for place, ((city, street), firm) in enumerate(pairs(_CITIES, _FIRMS)):
        contact = _FAMILY[place % len(_FAMILY)] + _GIVEN[(place * 7) % len(_GIVEN)]
        phone = f"138{(place * 7919 + 10000000) % 100000000:08}"
        yield Buyer(f"KH{place + 1:03}", f"{city}{firm}", city, street, contact, phone)


def _ean13(twelve: str) -> str:
    """A barcode with its check digit: every second figure counts three times."""
    counted = sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(twelve))
    return f"{twelve}{-counted % 10}"

"""The style guide: every component on one page, for the people who build the product (debug only)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from core.access import public
from core.tokens import STATUS, colour


@public("Shows sample components only, and only while DEBUG is on.")
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components with made-up content, in the language and theme asked for."""
    if not settings.DEBUG:
        raise Http404
    sample = _Chinese() if get_language() == "zh-hans" else _English()
    context = sample.context()
    for name in ("theme", "density"):
        context[name] = request.GET.get(name, "")
    return render(request, "styleguide.html", context)


class _English:
    """Sample words in English."""

    def say(self, english: str, chinese: str) -> str:
        return english

    def context(self) -> dict[str, Any]:
        """Everything that the style guide shows."""
        return {
            "nav": self._nav(),
            "person": self.say("Wang Fang", "王芳"),
            "inbox_unread": 3,
            "demo_mode": True,
            "tones": self._tones(),
            "steps": self._steps(),
            "panel": self._panel(),
            "open_panel": {"open": True, "verb_label": self.say("Dispatch", "发货"), "reasons": []},
            "closed_action": {"label": self.say("Release", "批准发货"), "panel": self._panel()},
            "open_action": {
                "label": self.say("Pack", "装箱"),
                "url": "#",
                "tone": "primary",
                "icon": "stock",
            },
            "cancel_action": {
                "label": self.say("Cancel order", "取消订单"),
                "tone": "danger",
                "dialog": "cancel-order",
            },
            "cancel_dialog": self._dialog(),
            "events": self._events(),
            "verified": True,
            "rows": self._rows(),
            "bar": self._bar(),
            "pager": {
                "first": 1,
                "last": 50,
                "total_words": "1,000+",
                "previous_url": "",
                "next_url": "?after=x",
            },
            "form": self._form(),
            "grid": self._grid(),
            "kpis": self._kpis(),
            "chart": self._chart(),
            "job": {
                "id": "1",
                "title": self.say("Import orders.xlsx", "导入 orders.xlsx"),
                "state": "done",
                "done": 180,
                "total": 300,
            },
            "diff": [
                {"label": self.say("Quantity", "数量"), "old": "120", "new": "150", "changed": True},
                {"label": self.say("Price", "单价"), "old": "48.00", "new": "48.00", "changed": False},
            ],
            "empty": {
                "icon": "order",
                "title": self.say("No orders yet", "还没有订单"),
                "text": self.say(
                    "Enter the first one, or take a file in.", "录入第一张订单，或导入一个文件。"
                ),
                "url": "#",
                "label": self.say("New order", "新建订单"),
            },
            "files": [
                {
                    "name": self.say("Customer order 4471.pdf", "客户采购单 4471.pdf"),
                    "url": "#",
                    "size": 482113,
                    "at": timezone.now(),
                    "kind": "PDF",
                }
            ],
            "facts": [
                {"label": self.say("Goods value", "货值"), "value": "48,600.00"},
                {"label": self.say("Paid", "已收款"), "value": "30,000.00"},
                {"label": self.say("Missing", "差额"), "value": "18,600.00"},
            ],
            "tabs": [
                {"label": self.say("Lines", "订单行"), "url": "#", "active": True, "count": 5},
                {"label": self.say("Shipments", "发货单"), "url": "#", "count": 2},
                {"label": self.say("Invoices", "发票"), "url": "#"},
            ],
            "crumbs": [
                {"label": self.say("Orders", "订单"), "url": "#"},
                {"label": self.say("Huadong Bearings", "华东轴承有限公司"), "url": "#"},
            ],
        }

    def _nav(self) -> list[dict[str, Any]]:
        def item(label: str, icon: str, count: int = 0, active: bool = False) -> dict[str, Any]:
            return {"label": label, "icon": icon, "url": "#", "count": count, "active": active}

        return [
            {
                "label": "",
                "items": [
                    item(self.say("My work", "我的工作"), "home", 7),
                    item(self.say("Inbox", "消息"), "inbox", 3),
                ],
            },
            {
                "label": self.say("Sales", "销售"),
                "items": [
                    item(self.say("Orders", "销售订单"), "order", active=True),
                    item(self.say("Customers", "客户"), "customer"),
                    item(self.say("Products", "产品"), "product"),
                ],
            },
            {
                "label": self.say("Operations", "运营"),
                "items": [
                    item(self.say("Production", "生产指令"), "production", 12),
                    item(self.say("Quality", "质检"), "quality"),
                    item(self.say("Shipments", "发货"), "truck", 4),
                ],
            },
            {
                "label": self.say("Finance", "财务"),
                "items": [
                    item(self.say("Invoices", "发票"), "invoice", 2),
                    item(self.say("Receipts", "收款"), "money"),
                    item(self.say("Exceptions", "异常周报"), "report"),
                ],
            },
        ]

    def _tones(self) -> list[tuple[str, str]]:
        words = {
            "draft": "草稿",
            "pending": "待审批",
            "approved": "已批准",
            "production": "生产中",
            "ready": "待发货",
            "shipped": "已发货",
            "done": "已完成",
            "blocked": "受阻",
            "returned": "已退回",
            "cancelled": "已取消",
        }
        return [(tone, self.say(tone.capitalize(), words[tone])) for tone in STATUS]

    def _steps(self) -> list[dict[str, Any]]:
        now = timezone.now()
        names = [
            ("Entered", "录入"),
            ("Reviewed", "审核"),
            ("Approved", "批准"),
            ("Confirmed", "客户确认"),
            ("Released", "下达"),
            ("Shipped", "发货"),
            ("Invoiced", "开票"),
            ("Settled", "结清"),
        ]
        states = ["done", "done", "done", "done", "done", "blocked", "todo", "todo"]
        return [
            {
                "label": self.say(*names[at]),
                "state": state,
                "at": now - timedelta(days=8 - at) if state != "todo" else None,
                "dwell": timedelta(hours=3 + at, minutes=20) if state != "todo" else None,
            }
            for at, state in enumerate(states)
        ]

    def _panel(self) -> dict[str, Any]:
        since = timezone.now() - timedelta(days=1, hours=3)
        manager = self.say("Sales manager", "销售经理")
        return {
            "verb_label": self.say("Release shipment S-2026-00041", "批准发货单 S-2026-00041"),
            "open": False,
            "reasons": [
                {
                    "rule": "R5.3",
                    "sentence": self.say(
                        "Goods for CNY 48,600.00, paid CNY 30,000.00: CNY 18,600.00 are missing.",
                        "本次货值 CNY 48,600.00，已收款 CNY 30,000.00，尚差 CNY 18,600.00。",
                    ),
                    "openers": [
                        {
                            "name": self.say("Li Qiang", "李强"),
                            "role": manager,
                            "away": self.say("until 11-24", "至 11-24"),
                            "substitute": self.say("Zhao Min", "赵敏"),
                        },
                        {"name": self.say("Zhao Min", "赵敏"), "role": manager},
                    ],
                    "since": since,
                    "since_text": self.say("9 working hours", "9 个工作小时"),
                    "next_step": {"label": self.say("Remind", "提醒"), "url": "#", "method": "post"},
                },
                {
                    "rule": "R5.5",
                    "sentence": self.say(
                        "The sales head has not confirmed this shipment.",
                        "销售部门主管尚未确认此次发货。",
                    ),
                    "openers": [
                        {
                            "name": self.say("Chen Jing", "陈静"),
                            "role": self.say("Sales head", "销售部门主管"),
                        }
                    ],
                    "since": since,
                    "next_step": {"label": self.say("Ask", "请求确认"), "url": "#", "method": "post"},
                },
            ],
        }

    def _dialog(self) -> dict[str, Any]:
        return {
            "id": "cancel-order",
            "title": self.say("Cancel order SO-2026-00041?", "取消订单 SO-2026-00041？"),
            "consequence": self.say(
                "Five lines become free stock again and two approvals lose their effect. "
                "This cannot be undone.",
                "五个订单行的预留将释放，两项审批失效，且不能撤销。",
            ),
            "url": "#",
            "verb_label": self.say("Cancel order", "取消订单"),
            "reason": "required",
        }

    def _events(self) -> list[dict[str, Any]]:
        now = timezone.now()
        return [
            {
                "at": now - timedelta(minutes=14),
                "actor": self.say("Zhao Min for Li Qiang", "赵敏（代李强）"),
                "icon": "undo",
                "tone": "returned",
                "sentence": self.say("Sent the order back", "退回订单"),
                "reason": self.say(
                    "Price of line 3 is below the agreement.", "第 3 行单价低于协议价，请核对。"
                ),
            },
            {
                "at": now - timedelta(hours=2),
                "actor": self.say("Wang Fang", "王芳"),
                "icon": "edit",
                "sentence": self.say("Changed line 3", "修改第 3 行"),
                "changes": [{"label": self.say("Quantity", "数量"), "old": "120", "new": "150"}],
            },
            {
                "at": now - timedelta(days=1),
                "actor": self.say("Finance", "财务部"),
                "icon": "check",
                "tone": "done",
                "sentence": self.say("Reviewed price, terms and credit", "审核价格、付款条件与信用"),
            },
            {
                "at": now - timedelta(days=2),
                "actor": self.say("Wang Fang", "王芳"),
                "icon": "plus",
                "sentence": self.say("Entered the order", "录入订单"),
            },
        ]

    def _rows(self) -> list[dict[str, Any]]:
        today = timezone.localdate()
        customers = [
            ("Huadong Bearings", "华东轴承有限公司"),
            ("Nanhai Fittings", "南海五金配件厂"),
            ("Jinling Motors", "金陵电机股份有限公司"),
        ]
        tones = self._tones()
        return [
            {
                "number": f"SO-2026-{4100 + at:05d}",
                "customer": self.say(*customers[at % 3]),
                "lines": 3 + at,
                "tone": tones[(at * 3 + 1) % 10],
                "due": today + timedelta(days=at * 3 - 5),
                "total": Decimal("48600.00") + at * Decimal("13277.35"),
                "blocked": at == 2,
                "owner": self.say("Wang Fang", "王芳"),
            }
            for at in range(6)
        ]

    def _bar(self) -> dict[str, Any]:
        state = self.say("State", "状态")
        return {
            "groups": [
                {
                    "label": state,
                    "name": "state",
                    "options": [
                        {"label": words, "url": "#", "selected": at == 1, "count": at * 4}
                        for at, (_, words) in enumerate(self._tones()[:6])
                    ],
                },
                {"label": self.say("Due", "交期"), "name": "due", "options": []},
                {"label": self.say("Owner", "负责人"), "name": "owner", "options": []},
            ],
            "chips": [{"label": state, "value": self.say("Pending", "待审批"), "remove_url": "#"}],
            "clear_url": "#",
            "views": [
                {"label": self.say("All", "全部"), "url": "#", "scope": "all"},
                {
                    "label": self.say("Mine, late", "我的逾期订单"),
                    "url": "#",
                    "active": True,
                    "scope": "private",
                },
                {"label": self.say("Team East", "华东组"), "url": "#", "scope": "team"},
            ],
            "save_url": "#",
            "exports": [{"label": "CSV", "url": "#"}, {"label": "XLSX", "url": "#"}],
        }

    def _form(self) -> forms.Form:
        say = self.say

        class SampleForm(forms.Form):
            customer = forms.CharField(label=say("Customer", "客户"))
            number = forms.CharField(
                label=say("Customer's order number", "客户订单号"),
                required=False,
                help_text=say("As it stands on their paper.", "以客户单据上的编号为准。"),
            )
            due = forms.DateField(
                label=say("Asked date", "要求交期"),
                widget=forms.DateInput(attrs={"type": "date"}),
            )
            terms = forms.ChoiceField(
                label=say("Payment", "付款方式"),
                choices=[("30", say("30 days", "月结 30 天")), ("0", say("Prepaid", "预付"))],
            )
            partial = forms.BooleanField(label=say("May ship in parts", "允许分批发货"), required=False)
            note = forms.CharField(label=say("Note", "备注"), widget=forms.Textarea, required=False)

        return SampleForm({"customer": "", "number": "PO-4471", "due": "2026-12-05", "terms": "30"})

    def _grid(self) -> dict[str, Any]:
        due = timezone.localdate() + timedelta(days=14)
        line = {
            "quantity": "120",
            "price": "48.00",
            "discount": "5",
            "due": due,
            "amount": Decimal("5472.00"),
        }
        return {
            "row_url": "",
            "paste_url": "#",
            "currency": "CNY",
            "rows": [
                {
                    "product": "BRG-6204",
                    "name": self.say("Deep groove bearing 6204", "深沟球轴承 6204"),
                    **line,
                },
                {
                    "product": "BRG-6O5",
                    "unknown": True,
                    "quantity": "40",
                    "suggestions": [{"code": "BRG-6205", "name": self.say("Bearing 6205", "轴承 6205")}],
                },
                {
                    "product": "SEAL-22",
                    "name": self.say("Oil seal 22 mm", "油封 22 毫米"),
                    **line,
                    "notes": [
                        {
                            "rule": "R1.7",
                            "sentence": self.say("8 % below the price list", "低于价目表 8 %"),
                        }
                    ],
                },
                {},
            ],
            "totals": [
                {"label": self.say("Net", "不含税金额"), "amount": Decimal("9684.96")},
                {"label": self.say("Tax 13 %", "税额 13 %"), "amount": Decimal("1259.04")},
                {"label": self.say("Total", "价税合计"), "amount": Decimal("10944.00")},
            ],
            "saved_at": timezone.now(),
            "warnings": [
                {
                    "rule": "R2.7",
                    "sentence": self.say("Line 3: 40 short until 12-02.", "第 3 行：缺 40 件，12-02 到货。"),
                }
            ],
        }

    def _kpis(self) -> list[dict[str, Any]]:
        return [
            {
                "label": self.say("To decide", "待我审批"),
                "value": 7,
                "url": "#",
                "icon": "inbox",
                "note": self.say("2 past 8 h", "2 项超过 8 小时"),
                "note_tone": "blocked",
            },
            {"label": self.say("On time", "准时交付率"), "value": "94.2", "unit": "%", "url": "#"},
            {
                "label": self.say("Open orders", "未完成订单金额"),
                "value": "1,284,600",
                "unit": "CNY",
                "url": "#",
            },
            {"label": self.say("Abnormal stock", "异常库存"), "value": 3, "url": "#", "icon": "warning"},
        ]

    def _chart(self) -> dict[str, Any]:
        values = [38, 52, 47, 61, 58, 72]
        bars = "".join(
            f'<rect class="series-1" x="{24 + at * 62}" y="{120 - value * 1.4:.0f}" width="34" '
            f'height="{value * 1.4:.0f}" rx="3" fill="{colour("status-approved-mark")}"/>'
            f'<text x="{41 + at * 62}" y="138" font-size="11" text-anchor="middle">{at + 6}</text>'
            for at, value in enumerate(values)
        )
        title = self.say("Orders by month", "每月订单数")
        svg = (
            f'<svg viewBox="0 0 400 146" role="img" aria-label="{title}">'
            f'<path class="grid-line" d="M10 120h380" stroke="{colour("border")}"/>{bars}</svg>'
        )
        return {
            "title": title,
            "svg": mark_safe(svg),  # noqa: S308  (numbers and fixed words only)
            "summary": self.say("From 38 in June to 72 in November.", "由 6 月的 38 张增至 11 月的 72 张。"),
            "head": [self.say("Month", "月份"), self.say("Orders", "订单")],
            "rows": [[at + 6, value] for at, value in enumerate(values)],
        }


class _Chinese(_English):
    """The same in Chinese."""

    def say(self, english: str, chinese: str) -> str:
        return chinese

"""The style guide: every component on one page, for the people who build the product (debug only)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from core.access import public
from core.views.styleguide_samples import Samples


@public("Shows sample components only, and only while DEBUG is on.")
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components with made-up content, in the language and theme asked for."""
    if not settings.DEBUG:
        raise Http404
    sample = _Page(chinese=get_language() == "zh-hans")
    context = sample.context()
    for name in ("theme", "density"):
        context[name] = request.GET.get(name, "")
    return render(request, "styleguide.html", context)


class _Page(Samples):
    """What the style guide shows."""

    def context(self) -> dict[str, Any]:
        """Everything that the style guide shows."""
        return {
            "nav": self._nav(),
            "person": self.say("Wang Fang", "王芳"),
            "inbox_unread": 3,
            "demo_mode": True,
            "tones": self.tones(),
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
            "rows": self.rows(),
            "bar": self.bar(),
            "pager": {
                "first": 1,
                "last": 50,
                "total_words": "1,000+",
                "previous_url": "",
                "next_url": "?after=x",
            },
            "form": self.form(),
            "grid": self.grid(),
            "kpis": self.kpis(),
            "chart": self.chart(),
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
                "sentence": self.say("sent the order back", "退回订单"),
                "reason": self.say(
                    "Price of line 3 is below the agreement.", "第 3 行单价低于协议价，请核对。"
                ),
            },
            {
                "at": now - timedelta(hours=2),
                "actor": self.say("Wang Fang", "王芳"),
                "icon": "edit",
                "sentence": self.say("changed line 3", "修改第 3 行"),
                "changes": [{"label": self.say("Quantity", "数量"), "old": "120", "new": "150"}],
            },
            {
                "at": now - timedelta(days=1),
                "actor": self.say("Finance", "财务部"),
                "icon": "check",
                "tone": "done",
                "sentence": self.say("reviewed price, terms and credit", "审核价格、付款条件与信用"),
            },
            {
                "at": now - timedelta(days=2),
                "actor": self.say("Wang Fang", "王芳"),
                "icon": "plus",
                "sentence": self.say("entered the order", "录入订单"),
            },
        ]

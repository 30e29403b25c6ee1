"""Made-up content of the style guide: rows, figures, forms, in English and Chinese."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.safestring import mark_safe

from core.tokens import STATUS, colour


class Samples:
    """Words and figures in one language."""

    def __init__(self, *, chinese: bool):
        self.chinese = chinese

    def say(self, english: str, chinese: str) -> str:
        """The words in the page's language."""
        return chinese if self.chinese else english

    def tones(self) -> list[tuple[str, str]]:
        """The ten statuses with their words."""
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

    def rows(self) -> list[dict[str, Any]]:
        """Rows of a list."""
        today = timezone.localdate()
        customers = [
            ("Huadong Bearings", "华东轴承有限公司"),
            ("Nanhai Fittings", "南海五金配件厂"),
            ("Jinling Motors", "金陵电机股份有限公司"),
        ]
        tones = self.tones()
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

    def bar(self) -> dict[str, Any]:
        """The filter bar."""
        state = self.say("State", "状态")
        return {
            "searches": True,
            "groups": [
                {
                    "label": state,
                    "name": "state",
                    "options": [
                        {"label": words, "url": "#", "selected": at == 1, "count": at * 4}
                        for at, (_, words) in enumerate(self.tones()[:6])
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

    def form(self) -> forms.Form:
        """A form with an error."""
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

    def grid(self) -> dict[str, Any]:
        """The line grid."""
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

    def kpis(self) -> list[dict[str, Any]]:
        """Figures."""
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

    def chart(self) -> dict[str, Any]:
        """A picture of figures."""
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

"""The one table of colours and measures: pages, PDF documents and SVG charts all read it.

`css()` writes the light and the dark block of static/css/tokens.css (`manage.py write_tokens`), `colour()`
serves PDF and SVG, which cannot use custom properties. No other file holds a raw colour.
"""

from __future__ import annotations

from dataclasses import dataclass

LIGHT, DARK = "light", "dark"

# name: (light, dark)
PALETTE: dict[str, tuple[str, str]] = {
    "canvas": ("#F6F7F9", "#0F131A"),
    "surface": ("#FFFFFF", "#171C25"),
    "sunken": ("#EEF0F4", "#0B0E14"),
    "text": ("#161B26", "#E8ECF3"),
    "text2": ("#4A5363", "#B4BCCA"),
    "text3": ("#636D7D", "#95A0B1"),
    "brand": ("#1D4FB8", "#7AA2F7"),
    "on-brand": ("#FFFFFF", "#0B1220"),
    "border": ("#D5DAE2", "#2C3442"),
    "control-border": ("#838C9A", "#6B7688"),
    "shadow": ("#161B26", "#000000"),
}


@dataclass(frozen=True)
class Tone:
    """The colours of one status: words, ground and the mark (dot, bar, chart fill)."""

    fg: str
    bg: str
    mark: str


# status: (light, dark); the icon that goes with it stands in STATUS_ICONS
STATUS: dict[str, tuple[Tone, Tone]] = {
    "draft": (Tone("#3F4857", "#EBEEF2", "#768190"), Tone("#C3CAD6", "#262D39", "#6B7688")),
    "pending": (Tone("#7A4A00", "#FFF1D6", "#B87400"), Tone("#F5C56B", "#3A2A0C", "#B98320")),
    "approved": (Tone("#1A4396", "#E6EEFC", "#3E6FD0"), Tone("#A8C4FB", "#182A4F", "#4F7EDB")),
    "production": (Tone("#55309B", "#F0E9FC", "#8259CF"), Tone("#CDB6F8", "#2C2148", "#8C68D6")),
    "ready": (Tone("#0B5A5C", "#DDF3F2", "#12898B"), Tone("#86D7D6", "#0E3133", "#2C9698")),
    "shipped": (Tone("#0A5575", "#DFF1FA", "#1C84B0"), Tone("#8ED0EE", "#0D2F40", "#2F8FBA")),
    "done": (Tone("#1B5E2A", "#E0F4E4", "#2F8A45"), Tone("#8FDCA1", "#12331B", "#3C9A53")),
    "blocked": (Tone("#A11420", "#FDE7E8", "#D33B47"), Tone("#FFA8AE", "#451317", "#DA5560")),
    "returned": (Tone("#8F3A0A", "#FDEBDF", "#C9601F"), Tone("#FAB98D", "#421F0C", "#C96A2E")),
    "cancelled": (Tone("#4A5363", "#F1F2F4", "#838C9A"), Tone("#AEB7C5", "#20262F", "#6B7688")),
}

STATUS_ICONS: dict[str, str] = {
    "draft": "edit",
    "pending": "clock",
    "approved": "check",
    "production": "production",
    "ready": "stock",
    "shipped": "truck",
    "done": "check-circle",
    "blocked": "lock",
    "returned": "undo",
    "cancelled": "cross",
}

MEASURES: dict[str, str] = {
    "space-1": "4px",
    "space-2": "8px",
    "space-3": "12px",
    "space-4": "16px",
    "space-5": "24px",
    "space-6": "32px",
    "space-7": "48px",
    "radius-1": "4px",
    "radius-2": "8px",
    "radius-3": "12px",
    "row": "36px",
    "row-compact": "30px",
    "control": "36px",
    "control-touch": "44px",
    "text-xs": "12px",
    "text-s": "13px",
    "text-m": "14px",
    "text-l": "16px",
    "text-xl": "20px",
    "text-2xl": "26px",
    "weight-regular": "400",
    "weight-medium": "550",
    "weight-bold": "650",
    "leading": "1.55",
    "leading-tight": "1.25",
    "topbar": "56px",
    "sidebar": "236px",
    "aside": "340px",
}

FONT_STACK = (
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", '
    '"Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif'
)


def colour(name: str, theme: str = LIGHT) -> str:
    """The colour called `name` ("brand", "status-done-mark") for PDF and SVG; KeyError if unknown."""
    return _colours(theme)[name]


def css() -> str:
    """The text of static/css/tokens.css."""
    measures = [f"  --{name}: {value};" for name, value in MEASURES.items()]
    light, dark = (_block(theme) for theme in (LIGHT, DARK))
    return "\n".join(
        [
            "/* Written by `manage.py write_tokens` out of core/tokens.py. Change it there. */",
            "@layer tokens {",
            ":root {",
            "  color-scheme: light;",
            f"  --font: {FONT_STACK};",
            *measures,
            *light,
            "}",
            "@media screen {",
            ':root[data-theme="dark"] {',
            "  color-scheme: dark;",
            *dark,
            "}",
            "}",
            "@media screen and (prefers-color-scheme: dark) {",
            ':root:not([data-theme="light"], [data-theme="dark"]) {',
            "  color-scheme: dark;",
            *dark,
            "}",
            "}",
            "}",
            "",
        ]
    )


def favicon() -> str:
    """The text of static/favicon.svg: the mark on a tile, in the brand colours."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="8" fill="{colour("brand")}"/>'
        f'<g fill="none" stroke="{colour("on-brand")}" stroke-width="2.6" stroke-linecap="round" '
        'stroke-linejoin="round" transform="translate(4 4)">'
        '<path d="M4.5 19.5h9a3.75 3.75 0 0 0 0-7.5h-4a3.75 3.75 0 0 1 0-7.5h9.5"/>'
        '<path d="m16 1.5 3 3-3 3"/></g>'
        f'<circle cx="8.5" cy="23.5" r="2.6" fill="{colour("on-brand")}"/></svg>\n'
    )


def _block(theme: str) -> list[str]:
    return [f"  --{name}: {value};" for name, value in _colours(theme).items()]


def _colours(theme: str) -> dict[str, str]:
    index = 0 if theme == LIGHT else 1
    colours = {name: pair[index] for name, pair in PALETTE.items()}
    for status, tones in STATUS.items():
        for part in ("fg", "bg", "mark"):
            colours[f"status-{status}-{part}"] = getattr(tones[index], part)
    return colours

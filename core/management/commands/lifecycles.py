"""Write docs/lifecycles/: from → verb → to, permission and rules of every gated noun."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model
from django.utils import translation

from core.rules import Gate
from core.transitions import fsm_fields

FOLDER = Path(settings.BASE_DIR) / "docs" / "lifecycles"


class Command(BaseCommand):
    help = "Write docs/lifecycles/ out of the gates; --check only says whether the pages are stale."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a page is stale, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            pages = lifecycle_pages()
        stale = stale_pages(pages, FOLDER)
        if options["check"] and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run manage.py lifecycles")
        if not options["check"]:
            write(pages, FOLDER)
            self.stdout.write(f"{len(pages)} pages, {len(stale)} changed")


def lifecycle_pages() -> dict[str, str]:
    """File name to text, one page per noun that has a state."""
    models = [model for label in settings.HOUSE_APPS for model in apps.get_app_config(label).get_models()]
    return {f"{model._meta.model_name}.md": page(model) for model in models if fsm_fields(model)}


def stale_pages(pages: dict[str, str], folder: Path) -> list[str]:
    """The pages that are missing, differ, or tell of a noun that is gone."""
    there = {path.name: path.read_text() for path in folder.glob("*.md")}
    return sorted(name for name in pages.keys() | there.keys() if pages.get(name) != there.get(name))


def write(pages: dict[str, str], folder: Path) -> None:
    """Make the folder hold exactly these pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text)


def page(model: type[Model]) -> str:
    """The life of one noun: its states, each step, and the rules that can stop it."""
    title = str(model._meta.verbose_name).capitalize()
    lines = [
        f"# {title}",
        "",
        f"`{model.__module__}.{model.__name__}`; written by `manage.py lifecycles`.",
        "",
    ]
    for field in fsm_fields(model):
        choices = dict(field.flatchoices)
        lines += ["| from | verb | to | permission | rules |", "| --- | --- | --- | --- | --- |"]
        gates = {}
        for step in sorted(field.get_all_transitions(model), key=lambda each: (each.name, str(each.source))):
            gate: Gate = step.custom["gate"]
            gates[step.name] = gate
            numbers = ", ".join(dict.fromkeys(each.number for each in (*gate.rules, *gate.people)))
            source, target = (choices.get(each, each) for each in (step.source, step.target))
            lines.append(f"| {source} | {step.name} | {target} | {gate.permission} | {numbers or '–'} |")
        lines.append("")
        for name, gate in gates.items():
            lines += _rules_of(name, gate)
    return "\n".join(lines).rstrip() + "\n"


def _rules_of(name: str, gate: Gate) -> list[str]:
    lines = [f"## {name}", "", f"Flow: {gate.number}. Who: {', '.join(gate.roles) or gate.permission}.", ""]
    told = [f"- {each.number} `{each.key}`: {str(each.text).strip()}" for each in (*gate.rules, *gate.people)]
    return [*lines, *told, ""] if told else lines

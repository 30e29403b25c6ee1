"""A person before the pages, without JavaScript: opens a page, fills a form that is on it, sends it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.contrib.auth import get_user_model
from django.test import Client

REFUSAL = re.compile(r'<section class="gate[^>]*id="refus(?:ed|al)".*?</section>', re.DOTALL)
RULE = re.compile(r'<span class="rule">(R\d+\.\d+)</span>')


@dataclass
class Form:
    """One form of a page: what it would send untouched, the names it has, and what its choices offer."""

    action: str
    method: str
    fields: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects forms, their fields (also those bound by the form= attribute) and the page's text.

    What stands in a <template> is no part of the page; a select without a choice sends its first option.
    """

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.open: list[Form] = []
        self.loose: list[tuple[str, dict]] = []
        self.select: tuple[Form, str] | None = None
        self.area: tuple[Form, str] | None = None
        self.text: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "template":
            self.hidden += 1
        if self.hidden:
            return
        if tag == "form":
            form = Form(found.get("action") or "", (found.get("method") or "get").lower())
            self.forms.append(form)
            self.open.append(form)
            if found.get("id"):
                self.by_id[found["id"]] = form
        elif tag in ("input", "select", "textarea", "button") and found.get("name"):
            self._field(tag, found)
        elif tag == "option" and self.select:
            self._option(found)

    def _field(self, tag, found):
        form = self.by_id.get(found["form"]) if found.get("form") else (self.open[-1] if self.open else None)
        if form is None:
            self.loose.append((tag, found))
            return
        name, kind = found["name"], found.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self.select = (form, name)
            form.choices[name] = []
        elif tag == "textarea":
            self.area = (form, name)
            form.fields[name] = ""
        elif tag == "button":
            form.choices.setdefault(name, []).append(found.get("value", ""))
        elif kind in ("checkbox", "radio"):
            self._box(form, name, found)
        elif kind not in ("submit", "file", "button"):
            form.fields[name] = found.get("value") or ""

    def _box(self, form, name, found):
        value = found.get("value", "on")
        form.choices.setdefault(name, []).append(value)
        if "checked" in found:
            ticked = form.fields.get(name, [])
            form.fields[name] = [*ticked, value] if found["type"] == "checkbox" else value

    def _option(self, found):
        form, name = self.select
        value = found.get("value") or ""
        form.choices[name].append(value)
        if "selected" in found or name not in form.fields:
            form.fields[name] = value

    def handle_endtag(self, tag):
        if tag == "template":
            self.hidden -= 1
        elif self.hidden:
            return
        elif tag == "form" and self.open:
            self.open.pop()
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            form, name = self.area
            form.fields[name] = form.fields[name].removeprefix("\n")
            self.area = None

    def handle_data(self, text):
        if self.hidden:
            return
        if self.area:
            self.area[0].fields[self.area[1]] += text
        elif text.strip():
            self.text.append(text.strip())


class Page:
    """What the person sees: status, text, forms."""

    def __init__(self, person: Person, response: Any, url: str):
        self.person, self.response, self.url = person, response, url
        self.status = response.status_code
        self.html = "" if response.streaming else response.content.decode(errors="replace")
        parser = _Forms()
        if response.get("Content-Type", "").startswith("text/html"):
            parser.feed(self.html)
            for tag, found in parser.loose:  # fields before the form that they name
                if found.get("form") in parser.by_id:
                    parser._field(tag, found)
        self.forms, self.text = parser.forms, " ".join(parser.text)
        for form in self.forms:
            form.action = urljoin(url, form.action)

    @property
    def refused_by(self) -> list[str]:
        """The rule numbers of the panel that says why the last step was refused."""
        panel = REFUSAL.search(self.html)
        return RULE.findall(panel.group()) if panel else []

    @property
    def content(self) -> bytes:
        """The bytes of a file."""
        return b"".join(self.response.streaming_content) if self.response.streaming else self.response.content

    def has_form(self, ending: str, **having: str) -> bool:
        """Whether a form of the page posts to an address with this ending."""
        return any(_fits(form, ending, having) for form in self.forms)

    def form(self, ending: str, **having: str) -> Form:
        """The form that posts to the address with this ending and holds these values untouched."""
        for form in self.forms:
            if _fits(form, ending, having):
                return form
        raise AssertionError(
            f"no form for {ending!r} {having} at {self.url} ({self.status}): "
            f"{[form.action for form in self.forms if form.method == 'post']} {self.text[:600]}"
        )

    def send(self, ending: str, *, having: dict[str, str] | None = None, **fields: Any) -> Page:
        """Fill in the form and send it as it stands; unknown names are an error of the test."""
        form = self.form(ending, **(having or {}))
        unknown = set(fields) - form.names
        assert not unknown, (
            f"the form {form.action} at {self.url} has no field {sorted(unknown)}, only {sorted(form.names)}"
        )
        content = {**form.fields, **fields}
        content.pop("csrfmiddlewaretoken", None)
        return self.person.post(form.action, content)


def _fits(form: Form, ending: str, having: dict[str, str]) -> bool:
    return (
        form.method == "post"
        and urlsplit(form.action).path.endswith(ending)
        and all(form.fields.get(name) == value for name, value in having.items())
    )


class Person:
    """Somebody signed in."""

    def __init__(self, username: str, language: str = "en"):
        self.username = username
        self.client = Client()
        people = get_user_model().objects
        people.filter(username=username).update(language=language)
        self.user = people.get(username=username)
        self.client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def open(self, url: str) -> Page:
        """GET, redirects followed."""
        response = self.client.get(url, follow=True)
        chain = getattr(response, "redirect_chain", [])
        return Page(self, response, chain[-1][0] if chain else url)

    def post(self, url: str, content: dict[str, Any]) -> Page:
        """POST, redirects followed."""
        response = self.client.post(url, content, follow=True)
        chain = getattr(response, "redirect_chain", [])
        return Page(self, response, chain[-1][0] if chain else url)


class Visitor(Person):
    """Somebody without an account, who follows a link."""

    def __init__(self):
        self.username, self.client, self.user = "", Client(), None

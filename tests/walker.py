"""A person before the pages, without JavaScript: opens a page, fills a form that is on it, sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth import get_user_model
from django.test import Client


@dataclass
class Form:
    """One form of a page with what it would send untouched."""

    action: str
    method: str
    fields: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """Collects forms, their fields (also those bound by the form= attribute) and the page's text."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.open: list[Form] = []
        self.loose: list[tuple[str, dict]] = []
        self.select: tuple[Form | None, str] | None = None
        self.area: tuple[Form | None, str] | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            form = Form(found.get("action") or "", (found.get("method") or "get").lower())
            self.forms.append(form)
            self.open.append(form)
            if found.get("id"):
                self.by_id[found["id"]] = form
        elif tag in ("input", "select", "textarea", "button") and found.get("name"):
            self._field(tag, found)
        elif tag == "option" and self.select and self.select[0] is not None and "selected" in found:
            self.select[0].fields[self.select[1]] = found.get("value", "")

    def _field(self, tag, found):
        form = self.by_id.get(found["form"]) if found.get("form") else (self.open[-1] if self.open else None)
        if form is None:
            self.loose.append((tag, found))
            return
        name, kind = found["name"], found.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self.select = (form, name)
        elif tag == "textarea":
            self.area = (form, name)
            form.fields[name] = ""
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in found:
                form.fields[name] = found.get("value", "on")
        elif tag == "input" and kind not in ("submit", "file", "button"):
            form.fields[name] = found.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form" and self.open:
            self.open.pop()
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, text):
        if self.area and self.area[0] is not None:
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

    def has_form(self, ending: str) -> bool:
        """Whether a form of the page posts to an address with this ending."""
        return any(form.action.split("?")[0].endswith(ending) for form in self.forms)

    def form(self, ending: str) -> Form:
        """The form that posts to the address with this ending."""
        for form in self.forms:
            if form.action.split("?")[0].endswith(ending):
                return form
        raise AssertionError(f"no form for {ending!r} at {self.url}: {[form.action for form in self.forms]}")

    def send(self, ending: str, **fields: Any) -> Page:
        """Fill in the form and send it as it stands; unknown names are an error of the test."""
        form = self.form(ending)
        unknown = set(fields) - form.names
        assert not unknown, (
            f"the form {form.action} at {self.url} has no field {sorted(unknown)}, only {sorted(form.names)}"
        )
        content = {**form.fields, **fields}
        content.pop("csrfmiddlewaretoken", None)
        return self.person.post(urljoin(self.url, form.action), content)


class Person:
    """Somebody signed in."""

    def __init__(self, username: str, language: str = "en"):
        self.username = username
        self.client = Client()
        people = get_user_model().objects
        people.filter(username=username).update(language=language)
        self.user = people.get(username=username)
        self.client.force_login(self.user)

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

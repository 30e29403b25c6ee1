"""What the timeline says of reports."""

from django.utils.translation import gettext_lazy as _

from core.audit import sentences

sentences(report__frozen=_("froze the weekly exception report %(subject)s, version %(version)s"))

"""`manage.py write_tokens`: write static/css/tokens.css and static/favicon.svg out of core/tokens.py."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import tokens


class Command(BaseCommand):
    help = "Write the style sheet of colours and measures and the page icon out of the token table."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="Only say whether the files are fresh.")

    def handle(self, *args, check: bool = False, **options):
        stale = [
            path for path, text in written_files().items() if not path.exists() or path.read_text() != text
        ]
        if check and stale:
            raise CommandError(
                f"Stale: {', '.join(path.name for path in stale)}. Run manage.py write_tokens."
            )
        for path in stale:
            path.write_text(written_files()[path])
            self.stdout.write(f"Wrote {path.name}")


def written_files() -> dict[Path, str]:
    """Each file that the token table writes, with its text."""
    static = Path(settings.BASE_DIR) / "static"
    return {static / "css" / "tokens.css": tokens.css(), static / "favicon.svg": tokens.favicon()}

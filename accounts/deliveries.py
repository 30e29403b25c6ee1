"""What this floor delivers out of the outbox: mail, and the mails that notices ask for."""

from accounts import inbox
from core import mail

DELIVERED_HERE = (mail.deliver_mail, inbox.mail_notices)

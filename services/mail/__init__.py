"""E-mails that we send: the outbox, its sender and their layout."""

from services.mail.emails import SEND, Email, Emails, Writer
from services.mail.emails_lost import LostEmails
from services.mail.layout import INTERNAL, Notice
from services.mail.mime import add_bodies, new_message
from services.mail.sender import Post

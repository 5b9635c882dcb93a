"""SMTP: the server that carries our e-mails."""

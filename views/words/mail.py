"""The words of e-mails in the ops channel."""

from services.phrases import Phrase, Plural

LOST = Plural(
    Phrase("One e-mail to a customer was given up.", "Un’e-mail a un cliente è stata abbandonata."),
    Phrase(
        "{n} e-mails to customers were given up.", "{n} e-mail a clienti sono state abbandonate."
    ),
)
UNCERTAIN = Plural(
    Phrase(
        "Of one e-mail nobody knows whether it arrived.",
        "Di un’e-mail non si sa se è arrivata.",
    ),
    Phrase(
        "Of {n} e-mails nobody knows whether they arrived.",
        "Di {n} e-mail non si sa se sono arrivate.",
    ),
)
WHAT_TO_DO = Phrase(
    "GET /api/emails with state={state} says which and why, and POST /api/emails/…/resend sends "
    "one again.",
    "GET /api/emails con state={state} dice quali e perché, e POST /api/emails/…/resend ne invia "
    "una di nuovo.",
)

"""The words of billing's cards in the ops channel."""

from services.billing import kinds
from services.phrases import Phrase

# By kind of consequence; {who} is a customer, {plan} a plan, {amount} an amount, {on} a day.
CARDS = {
    kinds.NEW: Phrase("New: {who} has begun {plan}.", "Nuovo: {who} ha iniziato {plan}."),
    kinds.FIRST_PAID: Phrase(
        "First payment: {who} paid for {plan}.", "Primo pagamento: {who} ha pagato {plan}."
    ),
    kinds.FAILED: Phrase(
        "Failed: {who} could not pay {amount} for {plan}. Access stays for 7 days; the customer "
        "was written to.",
        "Non riuscito: {who} non ha potuto pagare {amount} per {plan}. L’accesso resta per 7 "
        "giorni; il cliente è stato avvisato.",
    ),
    kinds.RECOVERED: Phrase(
        "Recovered: {who} paid {amount} for {plan}. Access is as before.",
        "Recuperato: {who} ha pagato {amount} per {plan}. L’accesso è come prima.",
    ),
    kinds.SUSPENDED: Phrase(
        "Suspended: {who} did not pay for {plan} within 7 days. A payment opens it at once.",
        "Sospeso: {who} non ha pagato {plan} entro 7 giorni. Un pagamento lo riapre subito.",
    ),
    kinds.ENDING: Phrase(
        "Leaving: {who} ends {plan} on {on}.", "In uscita: {who} chiude {plan} il {on}."
    ),
    kinds.CANCELLED: Phrase(
        "Cancelled: {plan} of {who} has ended.", "Annullato: {plan} di {who} è finito."
    ),
    kinds.TRIAL_OVER: Phrase(
        "Trial over: {who} tried {plan} and did not subscribe.",
        "Prova finita: {who} ha provato {plan} e non si è abbonato.",
    ),
    kinds.DUPLICATE: Phrase(
        "{who} has a second subscription to {plan}. The first one counts; cancel the second and "
        "give its payment back.",
        "{who} ha un secondo abbonamento a {plan}. Conta il primo; annulla il secondo e "
        "restituisci il pagamento.",
    ),
    kinds.REFUNDED: Phrase(
        "Refunded: {amount} of {plan} went back to {who}. A payment refunded in full gives no "
        "access any more; a part changes nothing.",
        "Rimborsato: {amount} di {plan} sono tornati a {who}. Un pagamento rimborsato per intero "
        "non dà più accesso; una parte non cambia nulla.",
    ),
    kinds.DISPUTED: Phrase(
        "Dispute ({what}): {who} disputes {amount} for {plan}. Access stays while it is open, and "
        "ends if it is lost.",
        "Contestazione ({what}): {who} contesta {amount} per {plan}. L’accesso resta finché è "
        "aperta, e finisce se è persa.",
    ),
    kinds.UNKNOWN_PRICE: Phrase(
        "{who} pays the price `{price}`, which no plan has. Nothing was changed: give it a plan "
        "with POST /api/billing/prices, and the rest follows by itself.",
        "{who} paga il prezzo `{price}`, che nessun piano ha. Nulla è cambiato: assegnagli un "
        "piano con POST /api/billing/prices, e il resto segue da sé.",
    ),
    kinds.UNKNOWN_STATUS: Phrase(
        "Stripe says “{status}” of {who}’s subscription, a word that is new here. It gives no "
        "access until somebody has looked at it in Stripe.",
        "Stripe dice “{status}” dell’abbonamento di {who}, una parola nuova qui. Non dà accesso "
        "finché qualcuno non lo guarda in Stripe.",
    ),
    kinds.UNKNOWN_CUSTOMER: Phrase(
        "A subscription of ours belongs to `{customer}` at Stripe, whom nobody here is linked to. "
        "Nothing was given: link it with POST /api/billing/customers/{{id}}/link.",
        "Un nostro abbonamento è di `{customer}` in Stripe, che qui non è collegato a nessuno. "
        "Nulla è stato dato: collegalo con POST /api/billing/customers/{{id}}/link.",
    ),
    kinds.ODD_EVENTS: Phrase(
        "Stripe delivered an event that is not for us ({reason}). It was kept, and nothing was "
        "changed. Check which endpoint sends here, in which mode.",
        "Stripe ha consegnato un evento che non è per noi ({reason}). È stato conservato e nulla è "
        "cambiato. Controlla quale endpoint invia qui, e in quale modalità.",
    ),
    kinds.STUCK: Phrase(
        "Events of Stripe’s wait to be handled: {count}. They are tried again every minute. "
        "The first one says: {note}",
        "Eventi di Stripe in attesa: {count}. Si riprova ogni minuto. Il primo dice: {note}",
    ),
}
REASONS = {
    "other_mode": Phrase("it is of the other mode", "è dell’altra modalità"),
    "other_account": Phrase("it is of another account", "è di un altro account"),
}
OPEN_AT_STRIPE = Phrase("Subscription `{id}`", "Abbonamento `{id}`")
CANCEL_SECOND = Phrase("Cancel and refund", "Annulla e rimborsa")
SURE = Phrase("Cancel and refund?", "Annullare e rimborsare?")
SURE_TEXT = Phrase(
    "The second subscription ends at Stripe now, and its last payment goes back.",
    "Il secondo abbonamento finisce ora in Stripe, e il suo ultimo pagamento viene restituito.",
)
YES, NO = Phrase("Yes, cancel it", "Sì, annulla"), Phrase("Keep it", "Tienilo")
SECOND_GONE = Phrase(
    "The second subscription is cancelled and its payment refunded.",
    "Il secondo abbonamento è annullato e il pagamento rimborsato.",
)

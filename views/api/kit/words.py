"""What the API's document says in words: its introduction, tags and statuses (in English only)."""

INTRODUCTION = """\
Licenses, their customers and sites, and the AI gateway.

**Keys.** A license holder sends `X-License-Key: CHA-…` (or the same key as bearer); whoever runs
the business sends `X-Admin-Key`; a user of a client app sends the access token of their sign-in
as bearer. Keys go into headers only: an address that carries one is refused.

**Examples** are for a shell in which `$HOST` is this server's address, `$KEY` a license key,
`$ADMIN` an admin key and `$TOKEN` a user's access token. They carry invented ids: put your own in
their place.

**Failures** are one object, `{"error": {"message", "type", "code", "param"}}`. `code` is for
programs and never changes; `message` is a sentence for people, in English, or in Italian when
`Accept-Language` asks for it. Each carries `X-Request-Id`: name it when you ask for help.

**Repeats.** Where an `Idempotency-Key` is accepted, a request sent again with the same key within
30 days does nothing again and gets the first answer, whatever happened since. Another body under
the same key is answered 409. What failed is not kept: it may be tried again with its key.

**Pages.** Lists answer `next`; send it as `cursor` for what comes after. It is null at the end.

**Times** are UTC in ISO 8601, **money** is in the currency's smallest unit, **costs** of the
gateway are in millionths of a US dollar.
"""
# In the order of the page: what people need first.
TAGS = {
    "validation": "Whether a license is valid, with a signed receipt",
    "gateway": "Three AI providers behind one shape, and a customer's own keys of them",
    "usage": "What a license used, now and by day, and what it may still use",
    "sites": "The domains a license is used on",
    "licenses": "Issue, renew, suspend, reinstate, cancel, rotate, transfer",
    "customers": "The people and companies that licenses belong to",
    "billing": "What is sold by subscription: checkouts, the customer portal and prices",
    "plans": "What is sold: versioned, and every version is kept",
    "auth": "Sign-up and sign-in of your app's users, by Supabase Auth under our address",
    "bulk": "Thousands of licenses from one CSV, each line told by number and reason",
    "credits": "What a signed-in user of a client app has, and what a call would take",
    "users": "Users of client apps, their credits and their keys at OpenRouter",
    "tenants": "Companies with a database of their own, from sign-up to deletion",
    "rollouts": "Migrations of tenants' databases, wave by wave",
    "webhooks": "What happened, told to your own address with Standard Webhooks signatures",
    "emails": "What was sent, what waits and what failed",
    "meetings": "Recordings that Fathom sends as soon as they are ready",
    "operations": "Work that runs in the background, step by step",
    "audit": "Who did what to what, with before and after; nothing in it ever changes",
    "health": "Whether requests can be served",
    "docs": "This document",
}
STATUS = {
    200: "Success",
    201: "Created",
    202: "Accepted; the work goes on in the background",
    204: "Success, without a body",
    400: "The request cannot be read",
    401: "The key is missing, or not known",
    402: "The license's budget is used up",
    403: "Not allowed",
    404: "Not found",
    408: "The body did not arrive in time",
    409: "Conflict with the current state",
    410: "Nobody waits for this any more",
    413: "The body is too large",
    415: "The body is compressed, or of another kind than this address reads",
    422: "A value cannot be used; `param` names it",
    429: "Too many requests; see Retry-After",
    502: "The provider failed or refused",
    503: "Service unavailable; see Retry-After",
    504: "The provider took too long",
}

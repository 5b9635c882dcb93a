"""Headers of every answer of the dashboard: nothing foreign and nothing inline ever runs."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
HEADERS = {**ALWAYS, "Cache-Control": "no-store"}
# Their names say what is in them.
FILE_HEADERS = {**ALWAYS, "Cache-Control": "public, max-age=31536000, immutable"}

"""What every listener stands on: payloads, routing, context, arguments, errors."""

"""Google on localhost: sign-in, Gmail and Calendar."""

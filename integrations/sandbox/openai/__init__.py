"""OpenAI's chat completions on localhost."""

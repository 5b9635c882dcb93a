"""DeepSeek's chat completions on localhost."""

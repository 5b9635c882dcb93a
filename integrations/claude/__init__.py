"""Claude: the language model, through Anthropic's SDK."""

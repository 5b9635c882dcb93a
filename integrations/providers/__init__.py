"""The providers of models behind the gateway: OpenAI, Anthropic and DeepSeek."""

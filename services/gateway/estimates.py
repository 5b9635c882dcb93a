"""What a call would cost, by the same table that calls are counted with."""

from dataclasses import dataclass

from integrations.providers.types import Usage
from services.errors import Invalid
from services.gateway.prices import Prices, tokens_of
from services.phrases import Phrase

NO_PRICE = Phrase(
    "There is no price for the model “{model}”. Known are: {known}.",
    "Non c’è un prezzo per il modello “{model}”. Si conoscono: {known}.",
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One call's cost in micro-dollars, if it uses these tokens."""

    model: str
    provider: str
    input_tokens: int
    output_tokens: int
    cost_micro: int
    price_version: str


class Estimates:
    """Asks nobody: the table is in memory."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices

    def of_tokens(self, model: str, input_tokens: int, output_tokens: int) -> Estimate:
        """For so many tokens; raises Invalid for a model without a price.

        A model is named as its provider does, or as OpenRouter: `openai/gpt-5.4-mini`.
        """
        name = self._name(model)
        if not name:
            known = ", ".join(self._prices.models)
            raise Invalid(NO_PRICE, field="model", model=model, known=known)
        return Estimate(
            model=name,
            provider=self._prices.provider(name),
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost_micro=self._prices.cost(name, Usage(input_tokens, output_tokens)),
            price_version=self._prices.version,
        )

    def of_text(self, model: str, text: str, output_tokens: int) -> Estimate:
        """For a text, counted as four bytes a token."""
        return self.of_tokens(model, tokens_of(len(text.encode())), output_tokens)

    def _name(self, model: str) -> str:
        """The table's name of it; "" when it has none."""
        if model in self._prices.models:
            return model
        provider, _, name = model.partition("/")
        for spelt in (name, name.replace(".", "-")):
            if self._prices.provider(spelt) == provider:
                return spelt
        return ""

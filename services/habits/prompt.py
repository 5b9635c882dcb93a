"""A habit as a rule that the model reads; texts of the member's own are protected."""

from services.habits.rules import Habit
from services.prompt_text import one_line

NAMES = {"en": "English", "it": "Italian"}
RULES = {
    "shorter": "Keep the body about {value} % shorter than the length asked for.",
    "longer": "Make the body about {value} % longer than the length asked for.",
    "no_greeting": "Begin without a greeting line.",
    "greets": "In {language} e-mails greet with “{value}” and the names.",
    "no_closing": "End without a closing line.",
    "closes": "In {language} e-mails the closing line is “{value}”.",
    "signs": "In {language} e-mails write “{value}” on a line below the closing line.",
    "no_lists": "Write paragraphs, no lists with dashes.",
    "lists": "Put what was agreed and the steps in a list with “- ”.",
    "lei": "In Italian address every single recipient with Lei, whatever was spoken.",
    "tu": "In Italian address every single recipient with tu, whatever was spoken.",
    "no_short_forms": "In English write “I am” and “we will”, no short forms such as “I'm”.",
    "no_exclamations": "Use no exclamation marks.",
    "adds": "In {language} e-mails add before the closing, word for word: “{value}”",
    "omits": "Never write, nor say in other words: “{value}”",
}


def as_rule(habit: Habit) -> str:
    """One line for the prompt."""
    language = NAMES.get(habit.language, "all")
    return RULES[habit.kind].format(value=one_line(habit.value), language=language)

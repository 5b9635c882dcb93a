"""What differs between two versions, as it is read."""

from views.kit.diff import changes

BEFORE = "We send the offer by Friday. You name the hall, and we meet again in May."


def test_a_changed_word_is_shown_with_its_neighbours() -> None:
    after = BEFORE.replace("Friday.", "Monday.")
    assert changes(BEFORE, after, 500) == (
        "> … send the offer by ~Friday.~ *Monday.* You name the hall, …"
    )


def test_what_comes_and_what_goes_stand_alone() -> None:
    assert changes("one two", "one", 500) == "> … one ~two~ …"
    assert changes("one", "one two", 500) == "> … one *two* …"


def test_equal_texts_have_no_difference() -> None:
    assert changes(BEFORE, BEFORE.replace(" You", "\n\nYou"), 500) == ""


def test_letters_of_the_text_format_nothing() -> None:
    assert changes("a", "*a* <!channel> ~b~", 500) == "> … ~a~ *∗a∗ &lt;!channel&gt; ∼b∼* …"


def test_a_long_difference_is_cut() -> None:
    assert len(changes("", "word " * 1_000, 300)) <= 300

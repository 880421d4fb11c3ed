"""How to get packages that not everybody needs."""

from mimika.core.extras import how_to_install


def test_the_packages_for_training_have_a_command_in_a_clone():
    words = how_to_install("train")
    assert "make training" in words
    assert 'pip install "mimika[train]"' in words


def test_others_are_extras_of_the_package():
    assert how_to_install("live") == 'install it with: pip install "mimika[live]"'

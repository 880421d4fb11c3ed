"""How to get packages that not everybody needs."""


def how_to_install(extra: str) -> str:
    """The end of a message about a package that is missing.

    Args:
        extra: of those in `pyproject.toml`, such as `train`.
    """
    pip = f'pip install "mimika[{extra}]"'
    if extra == "train":
        return f"install it with: make training (where mimika was cloned), or {pip}"
    return f"install it with: {pip}"

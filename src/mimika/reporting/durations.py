"""Times and lengths as people write them."""


def clock_text(time_s: float, *, hours: bool = False) -> str:
    """A time for people: `0:07`, `12:30`, or with hours `1:02:03`."""
    minutes, seconds = divmod(int(time_s + 1e-9), 60)
    if hours or minutes >= 60:
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return f"{minutes}:{seconds:02d}"


def span_text(span_s: float) -> str:
    """How long something takes, for people: `0.04 s`, `0.5 s`, `42 s`, `1:02:03`."""
    if 0.005 <= span_s < 0.095:
        return f"{span_s:.2f} s"
    if span_s < 9.95:
        return f"{span_s:.1f} s"
    return f"{span_s:.0f} s" if span_s < 59.5 else clock_text(round(span_s))

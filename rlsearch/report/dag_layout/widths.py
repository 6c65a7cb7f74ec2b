"""The width of text without a font at hand: an upper estimate for the sans-serif fonts that readers have."""

NARROW, WIDE = "()[]|,.′ ₊iljtfr·", "mwMWQθγAGH⟨⟩×÷+−①②③④⑤⑥⑦⑧⑨√½"


def text_width(text: str, size: float) -> float:
    """Width of a text at a font size."""
    return size * sum(0.42 if char in NARROW else 0.92 if char in WIDE else 0.64 for char in text)

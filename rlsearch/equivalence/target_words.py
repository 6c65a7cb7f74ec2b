"""An implied target in words: its formula, and its name in the field."""

from collections.abc import Mapping

from rlsearch.compile.literals import few_digits
from rlsearch.compile.plain import PLAIN, plain_number
from rlsearch.regimes.regime import Regime


def describe(regime: Regime, weight: float | None, terms: Mapping[str, float], away: bool) -> str:
    """A sentence on a gradient weight * (Q(s, a) - T).

    Args:
        regime: whose terms these are.
        weight: None where it varies but has one sign.
        terms: coefficients in T, by the terms' names.
        away: whether the weight is negative.
    """
    name, target = _name(terms), target_equation(regime, terms)
    if weight is None:
        sign = "negative" if away else "positive"
        head = f"gradient: a {sign} weight that varies, times (Q(s, a) − T), {target}"
        notes = [f"as {name} in each transition, but with another fixed point where outcomes vary"] if name else []
    else:
        head = f"gradient: {plain_number(weight)} × (Q(s, a) − T), {target}"
        notes = [name] if name else []
    if away:
        notes = ["pushes Q(s, a) away from T"]
    elif (discount := terms.get("undiscounted", 0.0)) > 0:
        notes.append(f"{'no' if discount == 1 else 'a fixed'} discount; bootstraps past the end of an episode")
    return ": ".join([head, *notes])


def target_equation(regime: Regime, terms: Mapping[str, float]) -> str:
    """The equation of a target: `T = r + γ max Q⁻(s′) − 0.1`."""
    literals = {size: PLAIN.number(size, literal) for size, literal in few_digits(terms.values()).items()}
    signs = [("−" if value < 0 else "+", _times(regime, literals[abs(value)].text, name)) for name, value in terms.items()]
    text = " ".join(f"{sign} {part}" for sign, part in signs) or "0"
    return f"T {'≈' if any(number.rounded for number in literals.values()) else '='} {text.removeprefix('+ ')}"


def _times(regime: Regime, number: str, name: str) -> str:
    if name == "one":
        return number
    symbol = regime.terms[name].symbol
    return symbol if number == "1" else f"{number} {symbol}"


def _name(terms: Mapping[str, float]) -> str:
    """The field's name of such a target, or ""."""
    known = {"bootstrap": "DQN", "double": "double DQN", "bootstrap_n": "DQN with n-step targets"}
    base = next((name for name in known if name in terms), None)
    paid = "rewards_n" if base == "bootstrap_n" else "reward"
    rest = {name: value for name, value in terms.items() if name not in (paid, base, "one", "goes_on")}
    if base is None:
        return "a bandit loss, which looks no further than the next reward" if terms.keys() == {"reward"} else ""
    if rest or paid not in terms or (base == "bootstrap_n" and len(terms) > 2):
        return ""
    reward, bootstrap = terms[paid], terms[base]
    notes = []
    if "one" in terms:
        notes.append(f"every reward {_shift_in_words(terms['one'] / reward)}")
    if "goes_on" in terms:
        notes.append(f"rewards {_shift_in_words(terms['goes_on'] / reward)} times γ where the episode goes on")
    if bootstrap != 1:
        notes.append(f"its discount times {plain_number(bootstrap)}")
    if reward != 1:
        notes.append(f"its rewards times {plain_number(reward)}")
    return known[base] + (f" with {' and '.join(notes)}" if notes else "")


def _shift_in_words(value: float) -> str:
    return f"{'raised' if value > 0 else 'lowered'} by {plain_number(abs(value))}"

"""Amounts and currencies as Stripe takes them (Stripe, "Currencies": minimums, zero- and three-decimal ones)."""

from collections.abc import Mapping

from local.stripe_sim.errors import Refusal

MAX_AMOUNT = 99_999_999
_ZERO = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
ZERO_DECIMAL = frozenset(_ZERO.split())
_THREE_DECIMAL = frozenset({"omr", "tnd", "bhd", "kwd", "jod"})
_WHOLE_ONLY = frozenset({"isk", "ugx"})  # two decimals on the wire, which must be zero
_MINIMUMS: Mapping[str, int] = {
    "aed": 200,
    "aud": 50,
    "bgn": 100,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
    "usd": 50,
}
_OTHERS = """
    afn all amd ang aoa ars awg azn bam bbd bdt bmd bnd bob bsd bwp byn bzd cdf cny cop crc cve dop dzd egp etb fjd
    fkp gel gip gmd gtq gyd hnl htg idr ils isk jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop
    mur mvr mwk mzn nad ngn nio npr pab pen pgk php pkr qar rsd rub sar sbd scr shp sle sos srd std szl tjs top try
    ttd twd tzs uah ugx uyu uzs wst xcd yer zar zmw
"""
SUPPORTED = frozenset(_MINIMUMS) | frozenset(_OTHERS.split()) | ZERO_DECIMAL | _THREE_DECIMAL


def check_currency(currency: str) -> None:
    """Lower case, as the reference has it, and one that Stripe takes."""
    if currency not in SUPPORTED:
        known = ", ".join(sorted(SUPPORTED))
        raise Refusal(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {known}",
            param="currency",
        )


def check_amount(amount: int, currency: str, param: str = "amount") -> None:
    """What can be charged at all. Raises Refusal with `amount_too_small` or `amount_too_large`."""
    check_positive(amount, param)
    if amount > MAX_AMOUNT:
        raise Refusal(f"Amount must be no more than {MAX_AMOUNT}", code="amount_too_large", param=param)
    if amount < _MINIMUMS.get(currency, 1):
        raise Refusal(
            f"Amount must be at least {_MINIMUMS[currency]} {currency}", code="amount_too_small", param=param
        )
    if (currency in _THREE_DECIMAL and amount % 10) or (currency in _WHOLE_ONLY and amount % 100):
        raise Refusal(f"Invalid amount: {currency} has no such small parts on cards", param=param)


def check_positive(amount: int, param: str) -> None:
    if amount < 1:
        raise Refusal(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=param
        )

"""How sure a share is: Wilson's interval, and the F measure that weighs a miss most."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from evaluation.model import Share


Z95 = 1.959963984540054
"""The standard normal quantile of 0.975."""


def wilson(share: Share, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share, both ends within 0 and 1.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference,
    Journal of the American Statistical Association 22 (1927). Of nothing it is all of 0 to 1.
    """
    if not share.of:
        return 0.0, 1.0
    n, p = share.of, share.rate
    middle = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    low = 0.0 if not share.hits else (middle - spread) / whole
    high = 1.0 if share.hits == n else (middle + spread) / whole
    return low, high


def f_beta(*, found: int, missed: int, false: int, beta: float = 5.0) -> float:
    """Recall weighs ``beta`` times as much as precision; 0 where nothing was found.

    Source: C. J. van Rijsbergen, Information Retrieval, second edition (1979), chapter 7.
    """
    weight = beta * beta
    whole = (1 + weight) * found + weight * missed + false
    return (1 + weight) * found / whole if whole else 0.0

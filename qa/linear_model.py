"""Linear models whose coefficients are read from JSON files of the package.

A model scores rows of named features. Besides a weight for each feature it may have products of a
feature and a feature of the whole list, so that the weight of a signal can depend on the question
and the collection and can still be read in a table. benchmarks/fit_ranking.py writes the files;
they are reviewed like code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of named features, and of their products with features of the list.

    Attributes:
        features: Names, in the order of `weights`.
        weights: Shape (features,).
        products: Pairs of a feature and a feature of the list, in the order of `product_weights`.
        product_weights: Shape (products,).
        intercept: Added to every score.
    """

    features: tuple[str, ...]
    weights: tuple[float, ...]
    products: tuple[tuple[str, str], ...]
    product_weights: tuple[float, ...]
    intercept: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "LinearModel":
        """Read `{"intercept": b, "weights": {name: w}, "products": {"name * list name": w}}`."""
        weights: dict[str, float] = data["weights"]
        products: dict[str, float] = data.get("products", {})
        pairs = [name.split(" * ") for name in products]
        return cls(
            features=tuple(weights),
            weights=tuple(weights.values()),
            products=tuple((left, right) for left, right in pairs),
            product_weights=tuple(products.values()),
            intercept=float(data.get("intercept", 0.0)),
        )

    def effective(self, names: Sequence[str], of_list: Mapping[str, float]) -> Floats:
        """Return the weight of each of `names` for one list, shape (names,).

        Args:
            names: The columns to be scored; weights of other features are ignored.
            of_list: The features of the list, by name.
        """
        total = dict.fromkeys(names, 0.0)
        for name, weight in zip(self.features, self.weights, strict=True):
            if name in total:
                total[name] += weight
        for (name, other), weight in zip(self.products, self.product_weights, strict=True):
            if name in total:
                total[name] += weight * of_list[other]
        return np.array([total[name] for name in names])


def logistic(value: float) -> float:
    """Return 1 / (1 + e^-value), without overflow for any value."""
    if value >= 0:
        return float(1 / (1 + np.exp(-min(value, 700.0))))
    grown = np.exp(max(value, -700.0))
    return float(grown / (1 + grown))

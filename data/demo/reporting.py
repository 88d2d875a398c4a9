"""Who files what, when. What is bad is filed less, some streets miss a month, some towns are late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.chance import Bools, Floats, logistic, stream
from data.demo.clock import LAST_MONTH, MONTHS, last_days
from data.demo.compounds import Compounds
from data.demo.places import LATE_TOWNS

# In so many months of a street nothing was filed at all.
MISSED_STREET_MONTHS = 30


@dataclass(frozen=True)
class Reporting:
    """Which months are filed, (managed compounds, months): `exists` where the register holds the compound, `open_` where
    its street files besides."""

    seed: int
    exists: Bools
    open_: Bools
    diligence: Floats
    missed: frozenset[tuple[str, str]]

    def sheet(self, name: str, ease: float = 3.2) -> Bools:
        """Months in which each managed compound files the sheet `name`, shape (compounds, months).

        Args:
            ease: log odds of an average compound filing; a better one files more often.
        """
        luck = stream(self.seed, f"filed: {name}")
        chance = logistic(ease + 0.7 * self.diligence)[:, None]
        # Filing became a habit over the first two years.
        habit = np.clip(np.arange(len(MONTHS)) / 24, 0, 1) * 0.12 + 0.88
        filed: Bools = self.open_ & (luck.random(self.open_.shape) < chance * habit)
        return filed

    def units(self, name: str, streets: NDArray[np.object_], share: float = 0.96) -> Bools:
        """Months in which units of other kinds file, by the street each lies in, shape (units, months)."""
        luck = stream(self.seed, f"filed: {name}")
        filed = luck.random((len(streets), len(MONTHS))) < share
        for row, street in enumerate(streets):
            for column, month in enumerate(MONTHS):
                if (street, month) in self.missed:
                    filed[row, column] = False
        return np.asarray(filed)


def make_reporting(seed: int, city: Compounds, diligence: Floats) -> Reporting:
    """The habits of the managed compounds of `city`."""
    luck = stream(seed, "reporting")
    streets = sorted(set(city.street[: city.managed]))
    missed = {(street, LAST_MONTH) for street in LATE_TOWNS}
    while len(missed) < len(LATE_TOWNS) + MISSED_STREET_MONTHS:
        street = streets[int(luck.integers(0, len(streets)))]
        missed.add((street, MONTHS[int(luck.integers(0, len(MONTHS) - 1))]))
    managed = city.managed
    since = city.since[:managed, None]
    exists = np.isnat(since) | (since <= last_days()[None, :])
    silent = np.array([[(street, month) in missed for month in MONTHS] for street in city.street[:managed]])
    return Reporting(seed, exists, np.asarray(exists & ~silent), diligence[:managed], frozenset(missed))

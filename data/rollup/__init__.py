"""Roll-ups: from rows to cells of unit × month × measure and area × month × measure.

Rebuilt whole by `rebuild`, or only where a batch touched them by `refresh`; both inside the caller's transaction.
"""

from data.rollup.cells import rebuild, refresh
from data.rollup.touched import Touched, touched_by

__all__ = ["Touched", "rebuild", "refresh", "touched_by"]

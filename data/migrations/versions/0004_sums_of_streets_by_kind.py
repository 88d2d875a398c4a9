"""Sums of streets are kept by kind of compound, as those of city and counties are"""

from __future__ import annotations

from alembic import op

from data.rollup.cells import sum_kinds

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Derived cells: whatever the measures are when this runs is what they have to be counted by.
    sum_kinds(op.get_bind(), "street")


def downgrade() -> None:
    op.execute("DELETE FROM area_month WHERE level = 'street' AND kind <> ''")

"""Cases are found by their compound, as the file of a compound asks for them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_event_compound", "case_event", ["compound_id"])
    op.create_index("ix_case_event_unit", "case_event", [sa.text("coalesce(compound_id, area_code)")])


def downgrade() -> None:
    op.drop_index("ix_case_event_unit", "case_event")
    op.drop_index("ix_case_event_compound", "case_event")

"""Who may see what: accounts, sessions, the gate in front of every route, the audit trail."""

from dashboard.access.rights import RIGHTS, Right, Role
from dashboard.access.user import OPEN_USER, User, current_user, may, user_or_demo
from dashboard.access.watermark import watermark

__all__ = ["OPEN_USER", "RIGHTS", "Right", "Role", "User", "current_user", "may", "user_or_demo", "watermark"]

"""The command line of `python -m dashboard`: what the pages do, without a page."""

from __future__ import annotations

import typer

from dashboard.commands import audit, deck, figure, user
from dashboard.commands.store import opened_store
from data.cli import Commands


def build_app() -> typer.Typer:
    """All commands. A refusal ends them with its reason on standard error and status 1, wrong usage with 2."""
    app = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

    @app.callback()
    def dashboard() -> None:
        """The dashboard of 小区治理: decks, figures, accounts, audit trail."""

    figure.register(app)
    deck.register(app)
    user.register(app, opened_store)
    audit.register(app, opened_store)
    return app

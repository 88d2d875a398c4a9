"""The briefing: decks of native, editable slides, their templates, and the editions they are kept as."""

"""The look and the output: settings, text, theme, figures, cards, exports."""

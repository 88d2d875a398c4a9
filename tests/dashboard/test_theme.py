"""Colours: legible, told apart by everybody, and substitutable between themes."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest

from dashboard.figures.canvas import canvas
from dashboard.figures.heat import readable
from dashboard.palettes import PALETTES, Palette, ThemeName, contrast, luminance, rgb
from dashboard.theme import Ink, colours_in, fade, foreign_colours, palettes_json, stylesheet

THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
TEXT = ("ink", "muted", "accent", "good", "warn_ink", "alert")
# Severe forms of the three kinds of colour blindness, linear RGB (Machado, Oliveira and Fernandes, 2009).
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(colour: str, blindness: str | None = None) -> np.ndarray:
    """CIE L*a*b* of a colour, as seen with a colour blindness."""
    srgb = np.array(rgb(colour)) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    if blindness:
        linear = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    ratio = xyz / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, blindness: str | None) -> float:
    return float(np.linalg.norm(lab(one, blindness) - lab(other, blindness)))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", TEXT)
def test_text_has_the_contrast_of_wcag_aa_on_every_surface(theme: ThemeName, name: str) -> None:
    palette = PALETTES[theme]
    for surface in (palette.ground, palette.card, palette.raised):
        assert contrast(getattr(palette, name), surface) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_controls_and_focus_stand_out_from_their_surface(theme: ThemeName) -> None:
    palette = PALETTES[theme]
    for name in ("edge", "focus"):
        assert min(contrast(getattr(palette, name), s) for s in (palette.ground, palette.card)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_no_two_tokens_of_a_theme_share_a_colour(theme: ThemeName) -> None:
    colours = list(PALETTES[theme].tokens().values())
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("theme", THEMES)
def test_the_sequential_palette_runs_evenly_from_the_ground_to_the_strongest(theme: ThemeName) -> None:
    light = [luminance(colour) for colour in PALETTES[theme].sequential]
    steps = np.diff(light)
    assert (steps < 0).all() if theme == "light" else (steps > 0).all()


@pytest.mark.parametrize("theme", THEMES)
def test_a_number_is_legible_on_every_class_it_is_written_on(theme: ThemeName) -> None:
    ink = Ink(theme)
    assert min(contrast(readable(fill, ink), fill) for fill in ink.sequential) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
@pytest.mark.parametrize("name", ["sequential", "diverging"])
def test_neighbouring_classes_are_told_apart_with_every_kind_of_sight(
    theme: ThemeName, blindness: str | None, name: str
) -> None:
    colours = getattr(PALETTES[theme], name)
    distances = [apart(a, b, blindness) for a, b in itertools.pairwise(colours)]
    assert min(distances) >= 5
    assert apart(colours[0], colours[-1], blindness) >= 25


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("blindness", [None, *BLINDNESS])
def test_the_categories_are_told_apart_with_every_kind_of_sight(theme: ThemeName, blindness: str | None) -> None:
    series = PALETTES[theme].series
    assert min(apart(a, b, blindness) for a, b in itertools.combinations(series, 2)) >= 12


@pytest.mark.parametrize("theme", THEMES)
def test_present_absent_and_fallback_are_told_apart_with_every_kind_of_sight(theme: ThemeName) -> None:
    states = Ink(theme).state_colours
    for blindness in (None, *BLINDNESS):
        for a, b in itertools.combinations(("present", "absent", "fallback"), 2):
            assert apart(states[a], states[b], blindness) >= 12


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_template_draws_with_tokens_only_and_stays_small(theme: ThemeName, scale: float) -> None:
    figure = canvas([{"type": "bar", "marker": Ink(theme, scale).hatched()}], Ink(theme, scale))
    assert foreign_colours(figure, theme) == set()
    assert len(str(figure)) < 3500


def test_colours_are_found_wherever_they_are_written() -> None:
    figure = {
        "a": ["#A8322A", {"b": "rgba(168,50,42,0.15)"}],
        "c": "linear #ffffff to rgb(1, 2, 3)",
        "d": "rgba(0,0,0,0)",
    }
    assert list(colours_in(figure)) == ["#a8322a", "#a8322a", "#ffffff", "#010203"]
    assert foreign_colours(figure, "light") == {"#010203"}


def test_unreported_is_a_hatch_and_not_a_fill() -> None:
    ink = Ink("light")
    assert ink.state_colours["unreported"] == ink.card
    assert ink.hatched()["pattern"]["shape"] == "/"


def test_sizes_follow_the_scale_of_the_screen() -> None:
    assert Ink("light", 2.0).text == 2 * Ink("light").text
    assert Ink("light", 2.0).px(1.5) == 3


def test_a_stepped_scale_gives_every_class_its_own_colour() -> None:
    scale = Ink("light").scale_of(("#000000", "#111111"))
    assert scale == [[0, "#000000"], [0.5, "#000000"], [0.5, "#111111"], [1, "#111111"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_and_the_browser_know_every_token(theme: ThemeName) -> None:
    for name, colour in PALETTES[theme].tokens().items():
        assert f"--gd-{name}: {colour};" in stylesheet()
        assert f'"{name}":"{colour}"' in palettes_json()


def test_fading_keeps_the_colour_of_the_token() -> None:
    assert fade("#a8322a", 0.15) == "rgba(168,50,42,0.15)"
    assert isinstance(Ink(), Palette)

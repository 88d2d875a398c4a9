"""What pictures there are: of which page, at which stage, at which size and in which theme."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from dashboard.access import Role
from dashboard.scenes import scenes_of
from data.query import Reader
from data.store import open_store
from layouts.pages import PAGES
from tests.gallery.stages import Stage

SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "uhd": (3840, 2160), "phone": (390, 844), "wall": (6656, 1792)}
DESKS = ("laptop", "desk", "uhd", "phone")
ENGLISH = ("laptop", "phone")
WALLS = ("desk", "uhd", "wall")
THEMES = ("light", "dark")
BASKET = ("overview.trend", "overview.map", "satisfaction.course", "satisfaction.review")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A page as somebody has it before them.

    Attributes:
        path: address on the server of the stage. role: who is logged in there, None for nobody.
        sizes, themes: those it is looked at in. scene: of the large screen, a picture of the window.
        holds_back: the cards never arrive. basket: cards chosen for the briefing.
        clicks: what is clicked, one after the other, before the picture is taken.
    """

    name: str
    path: str
    stage: Stage = Stage.DEMO
    role: Role | None = None
    sizes: tuple[str, ...] = DESKS
    themes: tuple[str, ...] = THEMES
    scene: str = ""
    holds_back: bool = False
    basket: tuple[str, ...] = ()
    clicks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shot:
    """One picture."""

    scenario: Scenario
    size: str
    theme: str

    @property
    def file(self) -> str:
        """Name of the picture in the folder."""
        return f"{self.scenario.name}-{self.size}-{self.theme}.png"


def scenarios(url: str) -> list[Scenario]:
    """Every page of the store at `url`, places on the way down, the scenes of the large screen, and every state."""
    engine = open_store(url)
    reader = Reader(engine)
    compound = str(reader.register("compound").query("is_managed")["compound_id"].iloc[0])
    areas = reader.areas()
    county, street = (str(areas.loc[areas["level"] == level, "code"].iloc[0]) for level in ("county", "street"))
    scenes = [scene.name for scene in scenes_of(reader)]
    engine.dispose()
    return [
        *(Scenario(name=page.value, path="/" if page == "overview" else f"/{page.value}") for page in PAGES),
        Scenario(name="compound-one", path=f"/compound/{compound}"),
        Scenario(name="county", path=f"/?area={county}"),
        Scenario(name="street", path=f"/?area={street}"),
        Scenario(name="stale-link", path="/?area=000000&month=1999-01"),
        Scenario(name="missing", path="/nowhere"),
        *(Scenario(name=f"{page.value}-en", path=f"/{'' if page == 'overview' else page.value}?lang=en", sizes=ENGLISH, themes=("light",)) for page in PAGES),
        Scenario(name="compound-one-en", path=f"/compound/{compound}?lang=en", sizes=ENGLISH, themes=("light",)),
        Scenario(name="loading", path="/", holds_back=True),
        Scenario(name="menu", path="/", clicks=("#card-overview-trend .gd-menu-toggle",)),
        Scenario(
            name="table", path="/", clicks=("#card-overview-trend .gd-menu-toggle", "#card-overview-trend .gd-menu-table")
        ),
        *(
            Scenario(name=f"screen-{scene}", path="/screen?paused=1", sizes=WALLS, themes=("dark",), scene=scene)
            for scene in scenes
        ),
        Scenario(
            name="screen-en", path="/screen?paused=1&lang=en", sizes=WALLS, themes=("dark",), scene=scenes[0]
        ),
        Scenario(name="editions", path="/briefing", stage=Stage.BRIEFED, basket=BASKET),
        Scenario(name="review-number", path="/", stage=Stage.BRIEFED),
        Scenario(name="empty", path="/", stage=Stage.EMPTY),
        Scenario(name="empty-data", path="/data", stage=Stage.EMPTY),
        Scenario(name="failing", path="/", stage=Stage.FAILING),
        Scenario(name="login", path="/login", stage=Stage.CLOSED),
        Scenario(name="password", path="/password", stage=Stage.CLOSED, role=Role.BUREAU),
        Scenario(name="admin", path="/admin", stage=Stage.CLOSED, role=Role.ADMIN),
        Scenario(name="forbidden", path="/coverage", stage=Stage.CLOSED, role=Role.AUDITOR),
        Scenario(name="forbidden-admin", path="/admin", stage=Stage.CLOSED, role=Role.STREET),
        Scenario(name="street-account", path="/", stage=Stage.CLOSED, role=Role.STREET),
    ]  # fmt: skip


def shots_of(found: list[Scenario]) -> list[Shot]:
    """A picture of each at every size and theme, those together that share a window."""
    return [
        Shot(scenario, size, theme)
        for size, theme, scenario in product(SIZES, THEMES, found)
        if size in scenario.sizes and theme in scenario.themes
    ]

"""Parts of a page that Dash need not know one by one: a whole tree of elements as one component.

Dash keeps every component in its own store and asks each of them after every change. The text, tags and links of a card
are most of a page's components and take part in no callback, so they are drawn by one component, see
`assets/still.js` and docs/decisions/0016.
"""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component


class Chart(Component):  # type: ignore[misc]  # Dash has no types
    """A chart, drawn by `assets/chart.js`: in a `Still` or by itself, before Dash has begun or after.

    Args:
        id: of the element the chart fills. A click on a mark goes where the trace's `meta` says; no callback hears of it.
        figure: data and layout, of whatever size; it is drawn in that of the element.
        config: options of plotly.
    """

    _namespace = "gd_still"
    _type = "Chart"
    _children_props: list[str] = []
    _base_nodes: list[str] = []
    _prop_names = ["id", "figure", "config", "className"]
    _valid_wildcard_attributes: list[str] = []
    available_properties = list(_prop_names)
    available_wildcard_properties: list[str] = []

    def __init__(self, id: dict[str, str], figure: Any, config: dict[str, Any], class_name: str) -> None:
        # Not Dash's own constructor, see `Still`.
        self.id, self.figure, self.config, self.className = id, figure, config, class_name


class Still(Component):  # type: ignore[misc]  # Dash has no types
    """A tree of HTML elements, links and charts, drawn without Dash's bookkeeping.

    Args:
        tree: elements of `dash.html`, `dcc.Link`s, `Chart`s, texts, other `Still`s, lists of these; no callback reaches
            anything within.
        id: of the element around the tree.
        given: `after`, a second tree that stays when the first is changed; `tag`, `className`, `tabIndex`, `data-*` and
            `aria-*` of that element. Without id, tag and class there is none: the tree stands by itself.
    """

    _namespace = "gd_still"
    _type = "Still"
    _children_props: list[str] = []
    _base_nodes: list[str] = []
    _prop_names = ["id", "tree", "after", "tag", "className", "tabIndex"]
    _valid_wildcard_attributes = ["data-", "aria-"]
    available_properties = list(_prop_names)
    available_wildcard_properties = ["data-", "aria-"]

    def __init__(self, tree: Any, id: str | dict[str, str] | None = None, **given: Any) -> None:
        # Not Dash's own constructor: it looks for a Python package of the namespace, once a property.
        self.tree = tree
        if id:
            self.id = id
        for name, value in given.items():
            setattr(self, name, value)

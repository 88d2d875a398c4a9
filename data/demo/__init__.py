"""The demo city: real places, invented compounds, companies and events, published totals, planted truths."""

from data.demo.build import Built, build_demo
from data.demo.city import SEED, DemoCity, generate
from data.demo.truths import read_truths

__all__ = ["SEED", "Built", "DemoCity", "build_demo", "generate", "read_truths"]

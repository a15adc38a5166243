"""Charts as SVG documents, drawn on the server: no script in them, both colour schemes, letters that a phone can show.

The library's own look needs a script for its tips and writes the day into a comment; both are taken out. The figures of each
chart stand as a table on the page as well, so nothing depends on seeing it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import pygal
from flask import Response
from pygal.etree import etree
from pygal.style import Style

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""For the SVG alone: its style stands inside it, and it may load nothing."""

_FONT = "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif"
_LIGHT = {"ink": "#212529", "line": "#c4ced6"}
_DARK = {"ink": "#dee2e6", "line": "#46525c"}
# Told apart by lightness too, in both schemes and without colours: dark, light, middle.
_COLOURS = ("#1b6ca8", "#e0a030", "#b23a48")
_DARK_COLOURS = ("#5aa9e0", "#f0c060", "#e5707e")
_DARK_SCHEME = "".join(
    (
        "inline:@media (prefers-color-scheme: dark){",
        f".graph,.axis text,.axis text.major,.legends .legend text,text.no_data{{fill:{_DARK['ink']} !important}}",
        f".axis .line,.axis .guide.line,.axis .major.line{{stroke:{_DARK['line']} !important}}",
        *(f".color-{number}{{fill:{colour} !important}}" for number, colour in enumerate(_DARK_COLOURS)),
        "}",
    )
)
_MOST_LABELS = {False: 8, True: 4}
_FEWEST_COLUMNS = 16
_LONGEST_LABEL = {False: 48, True: 20}


class Shape(StrEnum):
    """How the figures are drawn."""

    COLUMNS = "columns"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, one for each label."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. `labels` stand along it; several series are stacked."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    empty: str
    shape: Shape = Shape.COLUMNS

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The same as a table: a label and its figures, without the rows in which nothing was counted."""
        pairs = [(label, [one.values[at] for one in self.series]) for at, label in enumerate(self.labels)]
        return [pair for pair in pairs if any(pair[1])]


def answer(chart: Chart, *, narrow: bool) -> Response:
    """The chart as a document of its own, which the page shows as a picture."""
    response = Response(draw(chart, narrow=narrow), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def draw(chart: Chart, *, narrow: bool = False) -> bytes:
    """The SVG. Drawn narrow for a phone, where a wide one would shrink its letters beyond reading."""
    drawn = _graph(chart, narrow)
    if chart.rows:
        _fill(drawn, chart, narrow)
    tree = drawn.render_tree()
    for parent in tree.iter():
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] == "script":
                parent.remove(child)
    return bytes(etree.tostring(tree, encoding="utf-8", xml_declaration=True))


def _fill(drawn: Any, chart: Chart, narrow: bool) -> None:
    if chart.shape is Shape.COLUMNS:
        # A single column would be as wide as the chart; empty places keep it slender.
        room = [""] * max(0, _FEWEST_COLUMNS - len(chart.labels))
        drawn.x_labels = [*chart.labels, *room]
        drawn.x_labels_major = _some(chart.labels, len(drawn.x_labels), narrow)
        for one in chart.series:
            drawn.add(one.name, [*(value or None for value in one.values), *(None for _ in room)])
        return
    # Bars grow upwards in the library; people read a list from its top.
    # The figure stands beside its name: written at the end of a bar it would lie half on it.
    [figures] = chart.series
    pairs = list(zip(chart.labels, figures.values, strict=True))[::-1]
    drawn.x_labels = drawn.x_labels_major = [f"{_short(label, narrow)}  {value:,}" for label, value in pairs]
    drawn.add(figures.name, [value for _, value in pairs])


def _short(label: str, narrow: bool) -> str:
    most = _LONGEST_LABEL[narrow]
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _graph(chart: Chart, narrow: bool) -> Any:
    kind = pygal.StackedBar if chart.shape is Shape.COLUMNS else pygal.HorizontalBar
    return kind(
        width=360 if narrow else 620,
        height=_height(chart, narrow),
        style=_style(),
        css=["file://style.css", "file://graph.css", _DARK_SCHEME],
        js=[],
        no_prefix=True,
        explicit_size=True,
        no_data_text=chart.empty,
        show_legend=len(chart.series) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=1 if narrow else len(chart.series),
        legend_box_size=12,
        show_minor_x_labels=False,
        show_y_labels=bool(chart.rows),
        show_x_labels=chart.shape is Shape.COLUMNS,
        show_y_guides=bool(chart.rows) and chart.shape is Shape.COLUMNS,
        truncate_label=-1,
        truncate_legend=-1,
        margin=8,
        spacing=8,
        min_scale=2,
        max_scale=6,
        include_x_axis=True,
        value_formatter=lambda value: f"{value:,.0f}" if float(value).is_integer() else "",
    )


def _height(chart: Chart, narrow: bool) -> int:
    legend = 0 if len(chart.series) < 2 else 22 * (len(chart.series) if narrow else 1)
    if chart.shape is Shape.BARS and chart.rows:
        return 30 + 24 * len(chart.labels) + legend
    return 260 + legend if chart.rows else 120


def _style() -> Style:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=_LIGHT["ink"],
        foreground_strong=_LIGHT["ink"],
        foreground_subtle=_LIGHT["line"],
        guide_stroke_color=_LIGHT["line"],
        major_guide_stroke_color=_LIGHT["line"],
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        font_family=_FONT,
        label_font_size=13,
        value_font_size=13,
        major_label_font_size=13,
        legend_font_size=13,
        no_data_font_size=15,
        opacity="1",
        opacity_hover="1",
        stroke_opacity="0",
        transition="0",
        colors=_COLOURS,
    )


def _some(labels: Sequence[str], columns: int, narrow: bool) -> list[str]:
    """Every so manieth label, so that none is written over the next."""
    step = -(-columns // _MOST_LABELS[narrow])
    return list(labels)[::step]


def key_of(chart: Chart) -> str:
    """Another text when the chart is another one; part of the picture's address, so that a refresh fetches what changed."""
    told = [chart.title, list(chart.labels), [[one.name, list(one.values)] for one in chart.series]]
    return sha256(json.dumps(told).encode()).hexdigest()[:12]

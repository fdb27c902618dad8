#!/usr/bin/env python3
# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

"""Makes the tables and plots of what tools/bench.sh has measured.

  bench/report.py RESULTS

Reads raw.tsv, works.tsv and micro.json there, and bench/targets.tsv. Writes table.txt, which it
prints, table.adoc, and, if there is gnuplot, the plots. Exit status: 1 if nothing was measured, or
a plot failed; not whether targets are met.
"""

import collections
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NAMES = {"floor": "floor", "arborist": "arborist", "erlang": "Erlang/OTP", "caf": "CAF"}
COLOURS = {"floor": "#7f7f7f", "arborist": "#1f77b4", "erlang": "#d62728", "caf": "#2ca02c"}
MISSING = "–"


class Table:
    """Rows of cells under a title, as text and as AsciiDoc."""

    def __init__(self, title, columns):
        self.title = title
        self.columns = columns
        self.rows = []

    def add(self, *cells):
        self.rows.append([str(cell) for cell in cells])

    def text(self):
        widths = [max(len(row[i]) for row in [self.columns] + self.rows)
                  for i in range(len(self.columns))]
        lines = [self.title, ""]
        for row in [self.columns] + self.rows:
            first = row[0].ljust(widths[0])
            lines.append("  ".join([first] + [cell.rjust(width) for cell, width
                                              in zip(row[1:], widths[1:])]).rstrip())
        return "\n".join(lines) + "\n"

    def asciidoc(self):
        cols = ",".join(["<"] + [">"] * (len(self.columns) - 1))
        lines = [f".{self.title}", f'[%autowidth,cols="{cols}",options="header"]', "|==="]
        lines.append("| " + " | ".join(self.columns))
        lines += ["| " + " | ".join(row) for row in self.rows]
        return "\n".join(lines + ["|==="]) + "\n"


class Measured:
    """The values of each figure by who and round."""

    def __init__(self, path):
        self.units = {}
        self.values = collections.defaultdict(lambda: collections.defaultdict(dict))
        for line in rows_of(path):
            turn, who, figure, unit, value = line
            self.units.setdefault(figure, unit)
            self.values[figure][who][int(turn)] = float(value)

    def all(self, figure, who):
        return list(self.values.get(figure, {}).get(who, {}).values())

    def median(self, figure, who):
        values = self.all(figure, who)
        return statistics.median(values) if values else None

    def who(self):
        seen = {who for by_who in self.values.values() for who in by_who}
        return [who for who in NAMES if who in seen]

    def ratio(self, figure, who, other_figure, other):
        """The ratio of the medians, and that of each round; None if one was not measured."""
        mine, others = self.median(figure, who), self.median(other_figure, other)
        if mine is None or not others:
            return None
        ours = self.values[figure][who]
        theirs = self.values[other_figure][other]
        each = [ours[turn] / theirs[turn] for turn in ours if theirs.get(turn)]
        return mine / others, each or [mine / others]


def rows_of(path):
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def number(value):
    """With three digits that mean something."""
    if value is None:
        return MISSING
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}"


def spread(values):
    if not values:
        return MISSING
    if len(values) == 1:
        return number(values[0])
    return f"{number(statistics.median(values))} ({number(min(values))}–{number(max(values))})"


def spread_of_ratio(ratio):
    if ratio is None:
        return MISSING
    value, each = ratio
    if len(each) == 1:
        return f"{value:.2f}"
    return f"{value:.2f} ({min(each):.2f}–{max(each):.2f})"


def in_tables(figure):
    """Percentiles in between, and other sizes, are for the plots."""
    return "@" not in figure and (".p" not in figure or figure.endswith((".p50", ".p99")))


def table_of_figures(measured):
    who = measured.who()
    table = Table("Medians of all rounds, and in brackets the least and the greatest",
                  ["figure", "unit"] + [NAMES[each] for each in who])
    for figure in filter(in_tables, measured.values):
        table.add(figure, measured.units[figure],
                  *(spread(measured.all(figure, each)) for each in who))
    return table


def table_of_ratios(measured):
    others = [who for who in measured.who() if who != "arborist"]
    table = Table("arborist's median divided by that of the others, and in brackets the least and "
                  "the greatest ratio of a round; less than 1: arborist is ahead",
                  ["figure"] + ["to " + NAMES[who] for who in others])
    for figure in filter(in_tables, measured.values):
        ratios = [measured.ratio(figure, "arborist", figure, who) for who in others]
        if any(ratios):
            table.add(figure, *(spread_of_ratio(ratio) for ratio in ratios))
    return table


def table_of_targets(measured):
    table = Table("What is to be reached: no greater than \"must\", better no greater than \"aim\"",
                  ["figure", "compared with", "measured", "must", "", "aim", "",
                   "ahead of the peers", "best recorded peer"])
    for figure, base, must, aim, *recorded in rows_of(HERE / "targets.tsv"):
        if base == "-":
            values = measured.all(figure, "arborist")
            value = statistics.median(values) if values else None
            shown = spread(values)
            compared = measured.units.get(figure, MISSING)
        else:
            who, other = base.split(":")
            ratio = measured.ratio(figure, "arborist", other, who)
            value = ratio and ratio[0]
            shown = spread_of_ratio(ratio)
            compared = NAMES[who] if other == figure else f"{NAMES[who]}, {other}"
        table.add(figure, compared, shown, number_as_written(must), verdict(value, must),
                  number_as_written(aim), verdict(value, aim), ahead(measured, figure),
                  best_recorded(recorded[0] if recorded else ""))
    return table


def number_as_written(text):
    return f"≤ {text}"


def verdict(value, limit):
    if value is None:
        return "not measured"
    return "met" if value <= float(limit) else "NOT met"


def ahead(measured, figure):
    """Of which of the peers that were measured arborist is ahead."""
    parts = []
    for who in measured.who():
        if who in ("floor", "arborist"):
            continue
        ratio = measured.ratio(figure, "arborist", figure, who)
        if ratio:
            parts.append(f"{NAMES[who]}: " + ("yes" if ratio[0] < 1 else "NO"))
    return ", ".join(parts) or MISSING


def best_recorded(text):
    """The best of the peers that were recorded, in floors if that was recorded too."""
    values = {name: float(value) for name, value in
              (part.split("=") for part in text.split()) if not name.startswith("(")}
    floor = values.pop("floor", None)
    if not values:
        return MISSING
    name = min(values, key=values.get)
    if floor is None:
        return f"{name}, {values[name]:g}"
    return f"{name}, {values[name] / floor:.2f} of its floor"


def table_of_micro(path):
    """None if Google Benchmark did not run."""
    if not path.exists():
        return None
    runs = collections.defaultdict(list)
    for run in sorted(json.loads(path.read_text())["benchmarks"],
                      key=lambda run: (run["family_index"], run["per_family_instance_index"])):
        if run["run_type"] == "iteration" and not run.get("error_occurred"):
            assert run["time_unit"] == "ns", run
            runs[run["name"]].append(run["cpu_time"])
    table = Table("Small pieces of arborist, ns of processor time each: medians, the least and the "
                  "greatest", ["piece", "ns"])
    for name, times in runs.items():
        table.add(name, spread(times))
    return table


# ---- plots

def sizes_of(measured, works, work, parameter, figure, who):
    """(size, median) of a figure for each size at which the work was run."""
    points = []
    for each, parameters in works.items():
        name, _, suffix = each.partition("@")
        if name != work:
            continue
        given = dict(part.split("=") for part in parameters.split())
        value = measured.median(figure + ("@" + suffix if suffix else ""), who)
        if value is not None and parameter in given:
            points.append((int(given[parameter]), value))
    return sorted(set(points))


def plot(results, name, title, axes, curves, settings=""):
    """Draws curves, (label, who, dashed, points), without those that have no points."""
    curves = [curve for curve in curves if curve[3]]
    if not curves:
        return True
    blocks, drawn = [], []
    for i, (label, who, dashed, points) in enumerate(curves):
        rows = "\n".join(f"{x} {y}" for x, y in points)
        blocks.append(f"$curve{i} << END\n{rows}\nEND")
        drawn.append(f"$curve{i} using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.5 "
                     f"dashtype {2 if dashed else 1} linecolor rgb '{COLOURS[who]}' "
                     f"title '{label}'")
    script = "\n".join(blocks + [
        "set terminal svg size 800,480 font 'sans-serif,14' background '#ffffff'",
        f"set output '{results / name}.svg'",
        f"set title '{title}'",
        f"set xlabel '{axes[0]}'",
        f"set ylabel '{axes[1]}'",
        "set grid linecolor rgb '#dddddd'",
        "set key outside right top",
        "set format x '%.0f'",
        settings,
        "plot " + ", ".join(drawn)])
    done = subprocess.run(["gnuplot"], input=script, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        print(f"report.py: gnuplot: {done.stderr}", file=sys.stderr)
    return done.returncode == 0


def plots(results, measured, works):
    both = ("floor", "arborist")

    def curves(work, parameter, figures):
        return [(f"{NAMES[who]}: {text}", who, dashed,
                 sizes_of(measured, works, work, parameter, figure, who))
                for who in both for figure, text, dashed in figures]

    def percentiles(who):
        points = []
        for figure in measured.values:
            percent = figure.removeprefix("latency.p")
            value = measured.median(figure, who)
            if percent != figure and "@" not in figure and value is not None:
                points.append((1 / (1 - float(percent) / 100), value))
        return sorted(points)

    ticks = ", ".join(f"'{percent}' {1 / (1 - float(percent) / 100)}"
                      for percent in ("1", "50", "90", "99", "99.9", "99.99"))
    return all([
        plot(results, "children_time", "Starting and stopping idle children",
             ("children", "ns per child"),
             curves("idle", "children", [("start", "start", False), ("stop", "stop", True)]),
             "set logscale x\nset yrange [0:*]"),
        plot(results, "children_memory", "Memory of idle children",
             ("children", "bytes per child"),
             curves("idle", "children", [("memory", "memory", False)]),
             "set logscale x\nset yrange [0:*]"),
        plot(results, "latency", "From the failure of one of many children until it runs again",
             ("percentile", "ns"),
             [(NAMES[who], who, False, percentiles(who)) for who in measured.who()],
             f"set logscale xy\nset xtics ({ticks})"),
        plot(results, "depth", "Supervisors in supervisors", ("depth", "ns per level"),
             curves("nested", "depth", [("nested.start", "start", False),
                                        ("nested.stop", "stop", True)]),
             "set logscale x\nset yrange [0:*]"),
    ])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    results = pathlib.Path(sys.argv[1])
    measured = Measured(results / "raw.tsv")
    works = {row[0]: row[1] if len(row) > 1 else "" for row in rows_of(results / "works.tsv")}
    tables = [table_of_micro(results / "micro.json")]
    if measured.values:
        tables = [table_of_figures(measured), table_of_ratios(measured),
                  table_of_targets(measured)] + tables
    tables = [table for table in tables if table]
    if not tables:
        sys.exit("report.py: nothing was measured")
    text = "\n".join(table.text() for table in tables)
    (results / "table.txt").write_text(text)
    (results / "table.adoc").write_text("\n".join(table.asciidoc() for table in tables))
    print(text)
    if shutil.which("gnuplot") is None:
        print("Without plots: on Debian 12, apt-get install gnuplot-nox")
    elif not plots(results, measured, works):
        sys.exit(1)


if __name__ == "__main__":
    main()

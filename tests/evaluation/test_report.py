"""The report: one page without network, nothing of a post read as markup, and an explorer that adds up in a browser."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from netral.errors import InputError
from netral.evaluation import report

_VOID = {"meta", "input", "line", "rect", "path", "circle", "br"}


class Balanced(HTMLParser):
    """Raise at the first tag that is closed without being open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in _VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_reaches_for_nothing(evaluated):
    info, found, folder = evaluated
    page = report.render(info, found, {}, folder)
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert not re.search(r"(src|href)=|url\(|@import|https?://", page)
    assert not re.search(r"@(body|data|version)@", page)
    assert page == report.render(info, found, {}, folder)


def test_texts_are_shown_as_text(evaluated):
    info, found, folder = evaluated
    page = report.render(info, found, {}, folder)
    assert html.escape("<script>alert(1)</script>") in page
    assert "<script>alert" not in page
    assert "&lt;CALON&gt; &amp; kpu" in page
    assert "a &lt; b &amp; c" in page


def test_what_changed_names_thresholds_gates_and_data(evaluated):
    info, found, folder = evaluated
    assert "No other release is in use" in report.render(info, found, {}, folder)
    unread = {**found, "evaluate": {**found["evaluate"], "in_use": [{"version": "bbbb", "skipped": "cannot be read"}]}}
    assert "<code>bbbb</code> is in use; it does not say what it is" in report.render(info, unread, {}, folder)
    gates = {**info["gates"], "turnout": {**info["gates"]["turnout"], "status": "failed"}}
    before = {**info, "version": "aaaa", "thresholds": {"review": 0.5, "flag": None}, "gates": gates, "data": {"posts": "", "sha256": "0"}}
    page = report.render(info, found, before, folder)
    assert "<code>review</code> from 0.5000" in page
    assert "<code>flag</code> from none" in page
    assert "gate turnout: from failed to passed" in page
    assert "other labelled posts" in page


def test_what_changed_puts_the_challenge_of_both_side_by_side(evaluated):
    info, found, folder = evaluated
    then = {"challenge_without_gazetteer": 5, "challenge_with_gazetteer": 6}
    page = report.render(info, found, {**info, "version": "aaaa", "headline": then}, folder)
    assert "<li>challenge categories passed (85% of their cases): from 5 to 7</li>" in page
    assert "<li>challenge categories passed (85% of their cases) with names known: from 6 to 7</li>" in page
    assert "cases passed" not in page
    cases = then | {"challenge_without_gazetteer_cases": 99, "challenge_with_gazetteer_cases": 101}
    page = report.render(info, found, {**info, "version": "aaaa", "headline": cases}, folder)
    assert "<li>challenge cases passed with names known: from 101 to 140</li>" in page
    for older in ({}, {"headline": {"gates": 6}}):
        before = {name: value for name, value in info.items() if name != "headline"} | older
        assert "challenge categories passed" not in report.render(info, found, before, folder)


def test_what_changed_names_the_params_that_differ_and_no_others(evaluated):
    info, found, folder = evaluated
    read = json.loads(json.dumps(info))  # as the release in use says it
    assert "train.C" not in report.render(info, found, read, folder)
    before = {**read, "params": {"train": {"C": [0.5], "names": "drop", "words": {"ngrams": "<b>"}}}}
    page = report.render(info, found, before, folder)
    assert "<code>train.C</code> from <code>[0.5]</code> to <code>[1.0, 2.0]</code>" in page
    assert "<code>train.words.ngrams</code> from <code>&quot;&lt;b&gt;&quot;</code> to" in page
    assert "train.names" not in page
    del before["params"]
    assert "train.C" not in report.render(info, found, before, folder)


def test_what_each_part_is_worth_is_told_or_why_it_is_not(evaluated):
    info, found, folder = evaluated
    assert "<td>prior</td><td>-0.020</td><td>-0.031 to -0.010</td>" in report.render(info, found, {}, folder)
    found["evaluate"]["parts"] = {"rows": [], "skipped": "what each part is worth: more than 9 posts"}
    assert "what each part is worth: more than 9 posts" in report.render(info, found, {}, folder)


def test_without_points_the_error_names_the_file(evaluated):
    info, found, folder = evaluated
    (folder / "plots" / "scores.json").unlink()
    with pytest.raises(InputError, match=r"scores\.json"):
        report.render(info, found, {}, folder)


def test_without_flags_the_report_says_so(unflagged):
    info, found, folder = unflagged
    page = report.render(info, found, {}, folder)
    assert "nothing is flagged" in page
    assert '<span class="not-tested">not tested</span>' in page


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium to look at the page with")
def test_the_explorer_adds_up_in_a_browser(evaluated, tmp_path):
    info, found, folder = evaluated
    page = report.render(info, found, {}, folder)
    # Moves a slider as a hand would, and leaves what the page then says in the page.
    probe = """<script>
      const slider = document.getElementById("flag"); slider.value = 100; slider.dispatchEvent(new Event("input"));
      document.body.dataset.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    </script></body>"""
    file = tmp_path / "report.html"
    file.write_text(page.replace("</body>", probe), encoding="utf-8")
    shown = _browse(file, tmp_path / "profile")
    said = dict(re.findall(r'<output id="(out-\w+)">([^<]*)</output>', shown))
    rows = json.loads((folder / "plots" / "scores.json").read_text())[100:]
    neutral, partisan = (sum(row[name] for row in rows) for name in ("neutral_groups", "partisan"))
    assert said["out-neutral"].startswith(f"{neutral} of 500 ")
    assert said["out-partisan"].startswith(f"{partisan} of 200 ")
    assert re.search(r'data-wide="0"', shown), "the page is wider than a phone"


def _browse(page: Path, profile: Path) -> str:
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--user-data-dir={profile}"]
    done = subprocess.run(
        [*command, "--window-size=400,800", "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout

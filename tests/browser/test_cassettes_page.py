"""The page of `pytest-bill show --html` as people use it: by mouse, keys, ear, on paper."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cli import main
from tests.browser.conftest import SCHEMES, WIDTHS
from tests.helpers.recorded import recorded

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
VENDORS = replace(
    recorded(
        "GET",
        "/v3/vendors?max=2",
        {"results": [{"id": "1", "name": "Ada", "email": "a@b.example"}, {"id": "2", "tags": []}]},
    ),
    answered_by="sandbox",
    recorded_at="2026-11-02T10:00:00Z",
    reason="OK",
)
REFUSED = recorded("POST", "/v3/bills", {"error": "no"}, status=422, body={"amount": [1, {}]})
ATTACK = recorded("GET", "/v3/bills", {"name": HOSTILE, "long": "x" * 5000})
ABOUT = {"pytest_bill": {"stand_ins": {"kinds": ["email"]}, "version": "0.1.0"}}

full_size = pytest.mark.parametrize("width", WIDTHS)
schemes = pytest.mark.parametrize("scheme", SCHEMES)


def write(path: Path, *interactions) -> None:
    store.save(path, store.Recording(list(interactions), ABOUT), lambda _: None)


def git(*arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
    )


@pytest.fixture
def made(tmp_path, monkeypatch) -> Path:
    """A page with changes, of cassettes that hold something of all that it shows."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    write(tmp_path / "cassettes/test_a/test_b.yaml", VENDORS, REFUSED)
    git("add", ".")
    git("commit", "-qm", "a")
    now = replace(VENDORS, answer_body=VENDORS.answer_body.replace(b"Ada", b"Ada B."))
    write(tmp_path / "cassettes/test_a/test_b.yaml", now, REFUSED)
    write(tmp_path / "cassettes/test_a/test_c.yaml", *[ATTACK] * 120)
    (tmp_path / "test_a.py").write_text("def test_b(): ...\n")
    assert main(["show", "--html", "--since", "HEAD", "--max-age", "1w"]) == 0
    return tmp_path / "cassettes.html"


def rows(page) -> list[str]:
    return page.locator("#list button.row").all_inner_texts()


@full_size
@schemes
def test_by_mouse(open_page, made, width, scheme):
    page = open_page(made, width, scheme)
    assert page.locator("#count").inner_text() == "122 interactions"
    assert len(rows(page)) == 100
    page.get_by_role("button", name="Next page").click()
    assert len(rows(page)) == 22
    page.get_by_role("searchbox", name="Search").fill("ada VENDORS")
    assert page.locator("#count").inner_text() == "1 of 122 interactions"
    page.get_by_role("button", name="/v3/vendors?max=2").click()
    detail = page.locator("tr.detail")
    assert "developer key" in detail.inner_text()
    assert "← stand-in (email)" in detail.inner_text()
    assert "← placeholder" in detail.inner_text()
    assert detail.get_by_text('"id": "2"').is_visible()
    detail.locator("summary").nth(1).click()
    assert not detail.get_by_text('"id": "2"').is_visible()
    detail.get_by_role("button", name="Unfold all").click()
    assert detail.get_by_text('"id": "2"').is_visible()
    # Nothing sticks out.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Clear all filters").click()
    page.get_by_label("Status").select_option("4xx")
    assert page.locator("#count").inner_text() == "1 of 122 interactions"
    assert rows(page) == ["/v3/bills"]


@pytest.mark.parametrize(
    ("label", "choice", "count"),
    [
        ("Method", "POST", 1),
        ("Status", "200", 121),
        ("API area", "Vendors", 1),
        ("Credential", "developer key", 122),
        ("Answered by", "sandbox", 1),
        ("Cassette is", "perhaps unused", 120),
        ("Marked as", "with stand-ins", 1),
        ("Recorded", "not known", 121),
        ("Recorded", "stale: older than 1w", 122),
    ],
)
def test_each_filter(open_page, made, label, choice, count):
    page = open_page(made)
    page.get_by_label(label, exact=True).select_option(value=choice)
    assert page.locator("#count").inner_text().split(" ")[0] == str(count)


def test_each_order(open_page, made):
    page = open_page(made)
    assert rows(page)[0] == "/v3/vendors?max=2"
    page.get_by_label("Order").select_option("largest answer first")
    assert rows(page)[0] == "/v3/bills"
    page.get_by_label("Order").select_option("newest first")
    assert rows(page)[0] == "/v3/vendors?max=2"
    page.get_by_label("Order").select_option("oldest first")
    assert rows(page)[0] == "/v3/bills"


def test_a_cassette_leads_to_its_interactions(open_page, made):
    page = open_page(made)
    page.get_by_role("button", name="cassettes/test_a/test_b.yaml").click()
    assert page.get_by_label("Test or cassette").input_value() == "cassettes/test_a/test_b.yaml"
    page.wait_for_function("document.querySelector('#count').textContent.startsWith('2 of')")
    page.get_by_label("Test or cassette").fill("test_a.py::test_b")
    assert page.locator("#count").inner_text() == "2 of 122 interactions"


def test_by_keyboard(open_page, made):
    page = open_page(made)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#interactions"
    page.keyboard.press("Control+k")
    page.keyboard.type("v3/bills")
    assert page.locator("#count").inner_text() == "121 of 122 interactions"
    page.locator("#list button.row").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    focused = page.locator("*:focus")
    assert focused.get_attribute("aria-expanded") == "true"
    assert page.locator("tr.detail").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "A"  # the link to it
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    assert page.locator("tr.detail details:not([open])").count() == 1
    assert not page.locator("tr.detail").get_by_text('"name"').is_visible()
    page.keyboard.press("Space")
    assert page.locator("tr.detail").get_by_text('"name"').is_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.locator("tr.detail").count() == 0


def test_what_is_hostile_is_text(open_page, made):
    page = open_page(made)
    page.get_by_role("searchbox", name="Search").fill("alert(1)")
    page.locator("#list button.row").first.click()
    shown = page.locator("tr.detail")
    assert HOSTILE.replace('"', '\\"') in shown.inner_text()
    assert page.locator("main img").count() == 0
    shown.get_by_role("button", name="show all 5,").click()
    assert "x" * 5000 in shown.inner_text()


def test_nothing_else_is_loaded_or_run(browser, made):
    """The policy is in force: what is put into the page is refused."""
    page = browser.new_page()
    page.goto(made.as_uri())
    refused = page.evaluate(
        """() => new Promise((resolve) => {
            const found = [];
            document.addEventListener("securitypolicyviolation", (event) => {
                found.push(event.effectiveDirective);
                if (found.length === 3) resolve(found.sort());
            });
            const add = (name, more) =>
                document.body.append(Object.assign(document.createElement(name), more));
            add("img", { src: "https://127.0.0.1/x.png" });
            add("style", { textContent: "body { display: none }" });
            try { document.body.innerHTML = "<b>x</b>"; } catch { /* as it should be */ }
        })"""
    )
    assert refused == ["img-src", "require-trusted-types-for", "style-src-elem"]
    page.close()


@full_size
@schemes
def test_axe_finds_nothing(open_page, made, violations, width, scheme):
    page = open_page(made, width, scheme, bypasses_policy=True)
    page.get_by_role("searchbox", name="Search").fill("v3")
    page.locator("#list button.row").nth(0).click()
    page.locator("#list button.row").nth(1).click()
    page.locator("#list button.row").nth(2).click()
    assert violations(page) == []


def test_on_paper(open_page, made):
    page = open_page(made)
    page.locator("#list button.row").first.click()
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("form").is_visible()
    assert page.locator("tr.detail").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")


def test_a_link_opens_one_interaction(open_page, made):
    page = open_page(made)
    page.evaluate("location.hash = '#i110'")
    page.wait_for_selector("#i110[aria-expanded=true]")


COUNT = 5000


def test_5000_interactions(open_page, tmp_path, monkeypatch):
    """They are there in two seconds; a search takes 100 ms."""
    monkeypatch.chdir(tmp_path)
    for file in range(50):
        interactions = [
            recorded(
                "GET",
                f"/v3/vendors/0090{file:03}{number:03}",
                {
                    "results": [
                        {"id": f"{file}-{number}-{n}", "name": "Ada " * 9} for n in range(20)
                    ]
                },
            )
            for number in range(COUNT // 50)
        ]
        write(tmp_path / f"cassettes/test_{file}/test_a.yaml", *interactions)
    assert main(["show", "--html"]) == 0
    path = tmp_path / "cassettes.html"
    page = open_page(path)
    shown = page.evaluate(
        """() => {
            const [navigation] = performance.getEntriesByType("navigation");
            return navigation.loadEventEnd || navigation.domComplete;
        }"""
    )
    assert page.locator("#count").inner_text() == "5,000 interactions"
    took = page.evaluate(
        """async () => {
            const search = document.getElementById("search");
            const times = [];
            for (const text of ["49-99-7", "ada", "nothing is so", "vendors 0090"]) {
                const began = performance.now();
                search.value = text;
                search.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
                times.push(performance.now() - began);
            }
            return times;
        }"""
    )
    print(f"{path.stat().st_size:,} bytes, open in {shown:.0f} ms, searches {took}")
    assert shown < 2000
    assert max(took) < 100

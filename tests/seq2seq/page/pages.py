"""User actions in the pages, offline and served, and what the pages then show."""

from tests.recorded.commands import FILES
from tests.webdriver import Browser

SENTENCES = FILES["texts.txt"].splitlines()[:4]
DONE = "document.querySelector('.status')?.textContent.match(/^(Done|Stopped|The model ends)/)"
ATTENDED = "return document.querySelector('.attended').textContent.trim();"
TURNS = "return [...document.querySelectorAll('.turn > .text')].map((text) => text.textContent);"

NAMELESS = (
    "return [...document.querySelectorAll('button, input, select, textarea')].filter((one) => "
    "!one.textContent.trim() && !one.labels?.length && !one.getAttribute('aria-label')).length;"
)
"""Number of controls without a name for screen readers."""


def open_page(page: Browser, address: str, name: str) -> None:
    """Open the page at a model. It is always loaded again, even if only the hash of its address changes."""
    page.open("about:blank")
    page.open(f"{address}#model={name}")
    page.wait("document.body?.dataset.state !== 'loading'")
    assert page.run("return document.body.dataset.state;") == "ready", page.run("return document.body.innerText;")


def choose(page: Browser, **options: object) -> None:
    """Set options as a user does, by the beginnings of their labels."""
    page.run("document.querySelector('.options').open = true;")
    for label, value in options.items():
        script = """
            const [label, value] = given;
            const field = [...document.querySelectorAll('.fields label, .sliders label')].find(
                (each) => each.firstChild.textContent.toLowerCase().startsWith(label)).lastChild;
            field.value = value;
            field.dispatchEvent(new Event('input'));
            field.dispatchEvent(new Event('change'));"""
        page.run(script, label.replace("_", " "), str(value))


def press(page: Browser, name: str, place: int = 0) -> None:
    """Press the button of a name, or another one of the same name."""
    script = """
        const named = [...document.querySelectorAll('button')].filter(
            (one) => one.textContent === given[0] && one.checkVisibility());
        named.at(given[1]).click();"""
    page.run(script, name, place)


def done(page: Browser) -> None:
    """Wait for the end of a computation without a fault."""
    page.wait(f"{DONE} || document.querySelector('.fault')")
    assert page.run("return document.querySelector('.fault')?.textContent ?? '';") == ""


def outputs(page: Browser) -> list[list[str]]:
    """Return the outputs of each source, best first."""
    script = """
        return [...document.querySelectorAll('article')].map((place) =>
            [...place.querySelectorAll('.text')].map(
                (text) => text.classList.contains('empty') ? '' : text.textContent));"""
    found: list[list[str]] = page.run(script)
    return found


def say(page: Browser, message: str, count: int) -> None:
    """Send a message, and wait for the given number of turns."""
    page.type("#message", message)
    page.press("Enter")
    page.wait(f"document.querySelectorAll('.turn > .text').length === {count} && {DONE}")

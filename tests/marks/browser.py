"""A letter in headless Chromium: one process, many pages, and what can be measured there."""

import base64
import pathlib
import shutil
import struct
import tempfile
import zlib

MEASURE = (pathlib.Path(__file__).parent / "measure.js").read_text()

# Also those that will never come.
PICTURES_CAME = """
const done = arguments[0];
const come = i => i.complete ? 0 : new Promise(r => { i.onload = i.onerror = r; });
Promise.all([...document.images].map(come)).then(() => requestAnimationFrame(() => done()));
"""


class Missing(Exception):
    """No browser can be driven here, and why."""


class Browser:
    """Driven through Debian's chromedriver; `close()` ends what it started."""

    def __init__(self):
        try:
            from selenium import webdriver
            from selenium.webdriver.chrome.service import Service
        except ImportError as e:
            raise Missing("python3-selenium is missing") from e
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        driver = shutil.which("chromedriver")
        if not chromium or not driver:
            raise Missing("chromium or chromedriver is missing")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
                     "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
                     "--force-color-profile=srgb", "--font-render-hinting=none"):
            options.add_argument(word)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tidings-browser-"))
        options.add_argument(f"--user-data-dir={self.folder / 'profile'}")
        self.driver = webdriver.Chrome(service=Service(driver), options=options)
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)
        self.frame = self.tell("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell(self, command, **words):
        return self.driver.execute_cdp_cmd(command, words)

    def show(self, html, width=700, dark=False, height=900, scale=1):
        """Load the page; phones heed the viewport meta, desktops do not."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=width < 500)
        self.tell("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        # Written into the frame, not loaded: four times as fast.
        self.tell("Page.setDocumentContent", frameId=self.frame, html=html)
        self.driver.execute_async_script(PICTURES_CAME)
        return self

    def measure(self):
        return self.driver.execute_script(MEASURE)

    def run(self, script, *words):
        return self.driver.execute_script(script, *words)

    def picture(self, clip=None):
        """A PNG of the whole page, or of a part (x, y, width, height)."""
        words = {"format": "png", "captureBeyondViewport": True}
        if clip is None:
            size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], size["height"])
        words["clip"] = dict(zip(("x", "y", "width", "height"), clip), scale=1)
        return base64.b64decode(self.tell("Page.captureScreenshot", **words)["data"])


def png(width, height, colour=(150, 160, 150)):
    """A plain picture of one colour, as the address of its own bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + \
            struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    rows = (b"\0" + b"\0" * ((width + 7) // 8)) * height
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", bytes(colour)) + \
        chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(data).decode()

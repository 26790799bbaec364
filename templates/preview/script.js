"use strict";
/* The page works without this; with it, a choice is shown at once, and a saved
   file, too. Parts are exchanged in place, so that the focus stays where it
   is. */

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const status = document.getElementById("status");
const tools = document.getElementById("tools");
let asked = 0;

function scrolled(frame) {
	try {
		return frame.contentWindow.scrollY;
	} catch (e) {
		return 0;
	}
}

/* The frame loads anew and comes back to where it was. */
function replaceStage(stage) {
	const old = document.getElementById("stage");
	const before = old.querySelector("iframe");
	const after = stage.querySelector("iframe");
	const y = before && after ? scrolled(before) : 0;
	const top = old.querySelector(".plain")?.scrollTop ?? 0;

	if (y > 0 && before.src.split("?")[0] === after.src.split("?")[0])
		after.addEventListener("load", () => after.contentWindow.scrollTo(0, y));
	old.replaceWith(stage);
	stage.querySelector(".plain")?.scrollTo(0, top);
}

async function show(url) {
	const mine = ++asked;
	const answer = await fetch(url, { cache: "no-store" });
	const page = new DOMParser().parseFromString(await answer.text(), "text/html");

	if (mine !== asked)
		return;
	replaceStage(page.getElementById("stage"));
	document.title = page.title;
	document.body.dataset.seen = page.body.dataset.seen;
}

/* Held open until something was saved; not by windows that nobody sees, as a
   browser gives one host only a few connections. */
async function follow() {
	for (;;) {
		try {
			if (document.hidden) {
				await wait(300);
				continue;
			}
			const seen = document.body.dataset.seen;
			const answer = await fetch("/news?seen=" + seen, { cache: "no-store" });
			const now = (await answer.text()).trim();

			if (now !== document.body.dataset.seen)
				await show(location.href);
			status.textContent = "";
		} catch (e) {
			status.textContent = "The preview has ended.";
			await wait(1000);
		}
	}
}

function choose() {
	const words = new URLSearchParams(new FormData(tools));

	if (!words.get("as"))
		words.delete("as");
	history.replaceState(null, "", location.pathname + "?" + words);
	show(location.href).catch(() => {});
}

tools?.addEventListener("submit", (event) => {
	event.preventDefault();
	choose();
});
tools?.addEventListener("change", choose);
follow();

// What Streamlit's page lacks: the language of the page, links that keep the session, Streamlit's
// own words in Chinese, and a wall that looks again at its data. `page` holds our own words only.
function (page) {
    "use strict";
    const AGAIN_MS = 15000;
    const MAPS = 'iframe[title^="streamlit_folium"], [class*="_fast_map"]';
    const PAPER_WIDE_PX = 700, PAPER_HIGH_PX = 760;  // of a page of A4, upright, inside its margins
    document.documentElement.lang = page.lang;
    const known = window.bluecarbonPage || {};
    const first = !window.bluecarbonPage;
    window.bluecarbonPage = Object.assign(known, page);

    function translated(text) {
        const words = window.bluecarbonPage.words;
        return Object.hasOwn(words, text) ? words[text] : null;
    }

    // Streamlit draws some elements again and again: only what differs is written.
    function mend(root) {
        const said = ["aria-label", "title", "placeholder"];
        root.querySelectorAll("[aria-label],[title],[placeholder]").forEach(function (element) {
            said.forEach(function (name) {
                const better = translated(element.getAttribute(name) || "");
                // The style sheet and the tests know a map's frame by its title: it keeps that.
                const into = element.tagName === "IFRAME" ? "aria-label" : name;
                if (better) { element.setAttribute(into, better); }
            });
        });
        // What scrolls must be within reach of the keyboard.
        root.querySelectorAll('[class*="st-key-"][class*="beside"]').forEach(function (element) {
            element.setAttribute("tabindex", "0");
            element.setAttribute("role", "region");
            element.setAttribute("aria-label", window.bluecarbonPage.beside);
        });
        // A chart is said by its title and by the table behind it, not shape by shape.
        root.querySelectorAll(
            'svg [role="graphics-symbol"]:not([aria-label])'
        ).forEach(function (element) {
            element.removeAttribute("role");
            element.removeAttribute("aria-roledescription");
        });
        root.querySelectorAll(
            '[data-testid="stSkipToContent"],[data-baseweb="popover"] *,[role="tooltip"] *,' +
            '[data-testid="stFileUploader"] *'
        ).forEach(function (element) {
            const better = element.children.length ? null : translated(element.textContent);
            if (better) { element.textContent = better; }
        });
    }

    // A card that the address asks for is brought into view, once: its reader may scroll away.
    function bring() {
        const card = document.querySelector("[data-card]");
        const asked = new URLSearchParams(window.location.search).get("card");
        const here = card && card.dataset.card === asked;
        const done = window.bluecarbonPage.brought;
        window.bluecarbonPage.brought = here ? asked : null;
        if (here && done !== asked && card.getBoundingClientRect().bottom > window.innerHeight) {
            card.scrollIntoView({block: "start"});
        }
    }

    // Streamlit follows the browser's history without loading anew; a link of ours does the same.
    function follow(event) {
        const link = event.target.closest ? event.target.closest("a.soft") : null;
        const plain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey;
        if (!link || !plain || link.origin !== window.location.origin) { return; }
        event.preventDefault();
        window.history.pushState({}, "", link.href);
        window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
        const main = document.getElementById("stMain");
        if (main) { main.scrollTo(0, 0); main.focus({preventScroll: true}); }
    }

    // A wall loads itself anew at its time, however often it was drawn since; while the server is
    // away it waits, for the browser's own page of errors would wait for ever.
    function renew() {
        const later = function () { window.bluecarbonTimer = window.setTimeout(renew, AGAIN_MS); };
        window.fetch("./health", {cache: "no-store"}).then(function (answer) {
            if (answer.status < 500) { window.location.reload(); } else { later(); }
        }, later);
    }

    // A map goes to paper as it is on the screen, smaller: drawn anew at the size of the paper it
    // would keep its middle and lose its edges.
    function ontoPaper() {
        document.querySelectorAll(MAPS).forEach(function (map) {
            const box = map.getBoundingClientRect();
            const share = Math.min(1, PAPER_WIDE_PX / box.width, PAPER_HIGH_PX / box.height);
            if (!share || !Number.isFinite(share)) { return; }
            map.style.setProperty("--screen-wide", box.width + "px");
            map.style.setProperty("--screen-high", box.height + "px");
            map.style.setProperty("--paper-share", share);
            map.classList.add("on-paper");
        });
    }

    function offPaper() {
        document.querySelectorAll(".on-paper").forEach(function (map) {
            map.classList.remove("on-paper");
        });
    }

    window.clearTimeout(window.bluecarbonTimer);
    if (page.reload_s) {
        window.bluecarbonDue = window.bluecarbonDue || Date.now() + 1000 * page.reload_s;
        const left = Math.max(0, window.bluecarbonDue - Date.now());
        window.bluecarbonTimer = window.setTimeout(renew, left);
    } else {
        window.bluecarbonDue = null;
    }
    mend(document);
    bring();
    if (!first) { return; }
    document.addEventListener("click", follow);
    window.addEventListener("beforeprint", ontoPaper);
    window.addEventListener("afterprint", offPaper);
    let waiting = false;
    new MutationObserver(function () {
        if (waiting) { return; }
        waiting = true;
        window.setTimeout(function () { waiting = false; mend(document); bring(); }, 120);
    }).observe(document.body, {childList: true, subtree: true});
}

/* What both maps share: the buttons, the view that is kept, the link, what measuring says.

   Nothing here knows Leaflet or MapLibre. Text only ever becomes textContent or an attribute. */
(function () {
    "use strict";

    const MEMORY = "bluecarbon-view", COOKIE = "bluecarbon_map", TOAST_MS = 2500, KEPT_S = 31536000;
    const ICONS = {
        home: "M3 10 10 4l7 6M5 9v7h10V9",
        zone: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7 7h6v6H7z",
        measure: "M3 13 13 3l4 4L7 17zM6 10l2 2M9 7l2 2M12 4l2 2",
        draw: "M3 17l1-4L14 3l3 3L7 16zM12 5l3 3",
        full: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
        link: "M8 12l4-4M9 6l2-2a3 3 0 0 1 5 5l-2 2M11 14l-2 2a3 3 0 0 1-5-5l2-2",
    };

    function made(kind, look, parent) {
        const element = document.createElement(kind);
        if (look) { element.className = look; }
        if (parent) { parent.appendChild(element); }
        return element;
    }

    function icon(name) {
        const space = "http://www.w3.org/2000/svg";
        const svg = document.createElementNS(space, "svg");
        svg.setAttribute("viewBox", "0 0 20 20");
        svg.setAttribute("aria-hidden", "true");
        const path = document.createElementNS(space, "path");
        path.setAttribute("d", ICONS[name]);
        svg.appendChild(path);
        return svg;
    }

    function label(element, text) {
        element.setAttribute("aria-label", text);
        element.title = text;
    }

    function number(value, digits) {
        return value.toLocaleString("en-US",
            {minimumFractionDigits: digits, maximumFractionDigits: digits});
    }

    /* A button for each tool, under its name in `buttons`. */
    function toolbar(bar, tools, buttons) {
        bar.setAttribute("role", "toolbar");
        Object.keys(tools).forEach(function (name) {
            const button = made("button", "tool-" + name, bar);
            button.type = "button";
            button.appendChild(icon(name));
            button.addEventListener("click", tools[name]);
            buttons[name] = button;
        });
    }

    function placeText(words, lat, lng) {
        return (words.place || "").replace("{lon}", lng.toFixed(4)).replace("{lat}", lat.toFixed(4));
    }

    /* ---- the view: kept for this tab, and in the address of the page ---- */

    function remembered() {
        try { return JSON.parse(window.sessionStorage.getItem(MEMORY)) || {}; } catch (none) { return {}; }
    }

    function remember(kept) {
        try { window.sessionStorage.setItem(MEMORY, JSON.stringify(kept)); } catch (full) { /* no memory */ }
    }

    /* Each token moves the map once; one made anew on another page keeps the view it had. */
    function follow(here, move, go) {
        if (move.token === here.token) { return false; }
        const kept = remembered(), same = kept.token === move.token;
        here.token = move.token;
        here.touched = same && Boolean(kept.touched);
        if (same && kept.view) {
            const view = kept.view.split("/").map(Number);
            go.view(view[1], view[2], view[0]);
        } else if (move.view) {
            go.view(move.view[1], move.view[2], move.view[0]);
        } else if (move.box) {
            go.box(move.box);
        } else {
            go.home();
        }
        return true;
    }

    function writeAddress(page, text) {
        const at = page.location, asked = new URLSearchParams(at.search);
        if (asked.get("view") === text) { return; }
        asked.delete("view");
        const rest = asked.toString();
        const query = "?" + (rest ? rest + "&" : "") + "view=" + text;
        page.history.replaceState(page.history.state, "", at.pathname + query + at.hash);
    }

    /* Which map this browser gets, where the server sees it before it sends the first page. */
    function keepChoice(choice) {
        if (!choice) { return; }
        const age = choice === "auto" ? 0 : KEPT_S;
        const secure = window.location.protocol === "https:" ? "; secure" : "";
        document.cookie = COOKIE + "=" + choice + "; path=/; samesite=lax; max-age=" + age + secure;
    }

    /* ---- measuring ---- */

    function measuredText(words, places) {
        if (places.length < 2) { return words.measureStart; }
        const km = window.bluecarbonMeasure.lengthM(places) / 1000;
        const length = words.measureLength.replace("{km}", number(km, km < 10 ? 3 : 1));
        if (places.length < 3) { return length; }
        const ha = window.bluecarbonMeasure.areaM2(places) / 10000;
        return length + words.measureAnd
            + words.measureArea.replace("{ha}", number(ha, ha < 100 ? 2 : 1));
    }

    function panelButton(panel, text, look, press) {
        const button = made("button", look, panel);
        button.type = "button";
        button.textContent = text;
        // The button is gone after the press: the map would take the click for one of its own.
        button.addEventListener("click", function (event) { event.stopPropagation(); press(); });
    }

    function showMeasured(panel, words, tool) {
        panel.hidden = !tool.on;
        panel.replaceChildren();
        if (!tool.on) { return; }
        const said = made("div", "measure-said", panel);
        said.setAttribute("role", "status");
        said.textContent = measuredText(words, tool.places);
        made("div", "measure-note", panel).textContent =
            tool.done ? words.measureDone : words.measureNote;
        function button(name, press) { panelButton(panel, words[name], "measure-" + name, press); }
        if (tool.places.length > 1 && !tool.done) { button("finish", tool.finish); }
        if (tool.places.length) { button("clear", tool.clear); }
        button("close", function () { tool.set(false); });
    }

    /* ---- full screen; where the browser has none, the map fills the page ---- */

    function toggleFull(page, whole) {
        if (page.fullscreenElement) { page.exitFullscreen(); return; }
        if (!whole.requestFullscreen || whole.classList.contains("fills-page")) {
            whole.classList.toggle("fills-page");
            return;
        }
        whole.requestFullscreen().catch(function () { whole.classList.add("fills-page"); });
    }

    /* ---- the divider between two times: a slider of which share of the map is the left one ---- */

    const STEPS = {ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10,
        PageUp: 10, Home: -100, End: 100};

    function divider(parent, moved) {
        const bar = made("div", "bluecarbon-divider", parent);
        const here = {bar: bar, percent: 50, words: {share: ""}, texts: ["", ""]};
        made("span", "bluecarbon-handle", bar).setAttribute("aria-hidden", "true");
        bar.tabIndex = 0;
        Object.entries({role: "slider", "aria-orientation": "horizontal", "aria-valuemin": "0",
            "aria-valuemax": "100"}).forEach(([name, value]) => bar.setAttribute(name, value));

        here.moveTo = function (percent) {
            here.percent = Math.min(100, Math.max(0, percent));
            const said = String(Math.round(here.percent));
            bar.style.left = here.percent + "%";
            bar.setAttribute("aria-valuenow", said);
            bar.setAttribute("aria-valuetext", here.words.share.replace("{percent}", said)
                .replace("{left}", here.texts[0]).replace("{right}", here.texts[1]));
            moved(here.percent);
        };
        here.say = function (words, texts) {
            Object.assign(here, {words: words, texts: texts});
            label(bar, words.divider);
            here.moveTo(here.percent);
        };
        bar.addEventListener("keydown", function (event) {
            if (!STEPS[event.key]) { return; }
            event.preventDefault();
            event.stopPropagation();
            here.moveTo(here.percent + STEPS[event.key]);
        });
        bar.addEventListener("pointerdown", function (event) {
            event.stopPropagation();
            bar.setPointerCapture(event.pointerId);
        });
        bar.addEventListener("pointermove", function (event) {
            if (!bar.hasPointerCapture(event.pointerId)) { return; }
            const box = parent.getBoundingClientRect();
            here.moveTo(100 * (event.clientX - box.left) / box.width);
        });
        return here;
    }

    /* ---- the link ---- */

    function toast(panel, text) {
        panel.textContent = text;
        panel.hidden = !text;
        window.clearTimeout(panel.timer);
        panel.timer = window.setTimeout(function () { panel.hidden = true; }, TOAST_MS);
    }

    /* Without https, where the clipboard is closed, by way of a selected text. */
    function copyByHand(text) {
        const field = made("textarea", "", document.body);
        field.value = text;
        field.select();
        const done = document.execCommand("copy");
        field.remove();
        return done ? Promise.resolve() : Promise.reject(new Error("not copied"));
    }

    function copy(text) {
        const board = window.navigator.clipboard;
        return board ? board.writeText(text).catch(() => copyByHand(text)) : copyByHand(text);
    }

    window.bluecarbonParts = {
        made, label, toolbar, placeText, follow, remember, writeAddress, keepChoice, showMeasured,
        toggleFull, divider, toast, copy,
    };
})();

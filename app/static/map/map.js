/* What our map does beyond Leaflet: soft changes of tiles, a view that is kept, own controls.

   start() is called once a frame, by a script that never changes; show() at every change, with
   addresses made of numbers, geometry, and words of the dashboard. Text only ever becomes
   textContent or an attribute. */
(function () {
    "use strict";

    const MEMORY = "bluecarbon-view", CHECK_MS = 500, TOAST_MS = 2500;
    const WIDE_PX = 760, LEGEND_PX = 250, SETTLE_MS = 2000;
    const ICONS = {
        home: "M3 10 10 4l7 6M5 9v7h10V9",
        zone: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7 7h6v6H7z",
        measure: "M3 13 13 3l4 4L7 17zM6 10l2 2M9 7l2 2M12 4l2 2",
        full: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
        link: "M8 12l4-4M9 6l2-2a3 3 0 0 1 5 5l-2 2M11 14l-2 2a3 3 0 0 1-5-5l2-2",
    };
    const here = {words: {}, token: null, touched: false, home: null, buttons: {}, quiet: 0};
    let map, tool;

    /* ---- small helpers ---- */

    function word(name) { return here.words[name] || ""; }

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

    function outer() {
        try { return window.parent.document ? window.parent : window; } catch (refused) { return window; }
    }

    function number(value, digits) {
        return value.toLocaleString("en-US",
            {minimumFractionDigits: digits, maximumFractionDigits: digits});
    }

    /* ---- the view: kept for this tab, and in the address once somebody moved the map ---- */

    function viewText() {
        const centre = map.getCenter();
        return map.getZoom() + "/" + centre.lat.toFixed(5) + "/" + centre.lng.toFixed(5);
    }

    function remembered() {
        try { return JSON.parse(window.sessionStorage.getItem(MEMORY)) || {}; } catch (none) { return {}; }
    }

    function remember() {
        const kept = {token: here.token, view: viewText(), touched: here.touched};
        try { window.sessionStorage.setItem(MEMORY, JSON.stringify(kept)); } catch (full) { /* no memory */ }
    }

    /* A move that is not the reader's; done again while the page still finds its size. */
    function go(move) {
        here.again = {move: move, until: Date.now() + SETTLE_MS};
        here.quiet += 1;
        move();
        here.quiet -= 1;
    }

    function goTo(lat, lng, zoom) {
        go(function () { map.setView([lat, lng], zoom, {animate: false}); });
    }

    /* The legend lies over the right edge of a map that is wide enough for it. */
    function goToBox(box) {
        go(function () {
            const legend = whole() !== window.frameElement && map.getSize().x > WIDE_PX;
            map.fitBounds([[box[1], box[0]], [box[3], box[2]]], {
                animate: false, maxZoom: 15, paddingTopLeft: [24, 24],
                paddingBottomRight: [legend ? LEGEND_PX : 24, 24]});
        });
    }

    function goHome() { goTo(here.home[0], here.home[1], here.home[2]); }

    /* Each token moves the map once; a frame made anew on another page keeps the view it had. */
    function follow(move) {
        if (move.token === here.token) { return; }
        const kept = remembered();
        here.token = move.token;
        here.touched = kept.token === move.token && Boolean(kept.touched);
        if (kept.token === move.token && kept.view) {
            const parts = kept.view.split("/").map(Number);
            goTo(parts[1], parts[2], parts[0]);
        } else if (move.view) {
            goTo(move.view[1], move.view[2], move.view[0]);
        } else if (move.box) {
            goToBox(move.box);
        } else {
            goHome();
        }
        remember();
    }

    function writeAddress() {
        const at = outer().location, asked = new URLSearchParams(at.search), text = viewText();
        if (asked.get("view") === text) { return; }
        asked.delete("view");
        const rest = asked.toString();
        const query = "?" + (rest ? rest + "&" : "") + "view=" + text;
        outer().history.replaceState(outer().history.state, "", at.pathname + query + at.hash);
    }

    /* The page's own changes of the address know nothing of the view: it is put back. */
    function keepAddress() {
        if (here.touched) { writeAddress(); }
    }

    function moved() {
        if (!here.quiet) {
            here.touched = true;
            here.again = null;
        }
        if (here.token === null) { return; }
        remember();
        keepAddress();
    }

    /* A click brings its zoom along as altitude; what was clicked is then in the link, and where. */
    function clicked(event) {
        event.latlng.alt = map.getZoom();
        here.touched = true;
        moved();
    }

    /* ---- layers: swapped without a flash; strength and order change in place ---- */

    const stack = window.bluecarbonTiles = {};

    function showLayer(layer, options) {
        const old = stack[layer.name] || {all: []};
        if (old.url !== layer.url) {
            const fresh = L.tileLayer(layer.url, {...options, ...layer.options});
            fresh.once("load", function () {
                old.all.forEach(function (tiles) { map.removeLayer(tiles); });
            });
            stack[layer.name] = {url: layer.url, all: old.all.concat([fresh])};
            fresh.setOpacity(layer.opacity).setZIndex(layer.z).addTo(map);
        }
        stack[layer.name].all.forEach(function (tiles) {
            tiles.setOpacity(layer.opacity);
            tiles.setZIndex(layer.z);
        });
        Object.assign(stack[layer.name], {opacity: layer.opacity, z: layer.z});
    }

    function showLayers(layers, options) {
        const wanted = new Set(layers.map(function (layer) { return layer.name; }));
        Object.keys(stack).forEach(function (name) {
            if (wanted.has(name)) { return; }
            stack[name].all.forEach(function (tiles) { map.removeLayer(tiles); });
            delete stack[name];
        });
        layers.forEach(function (layer) { showLayer(layer, options); });
    }

    function showOutlines(outlines) {
        const text = JSON.stringify(outlines);
        if (here.outlineText === text) { return; }
        here.outlineText = text;
        if (here.outlines) { map.removeLayer(here.outlines); }
        here.outlines = L.featureGroup(outlines.map(function (outline) {
            return L.geoJSON(outline, {interactive: false, style: {
                color: "#0B5C8A", weight: 2, opacity: 0.9, fillOpacity: 0.04}});
        })).addTo(map);
        here.buttons.zone.disabled = !outlines.length;
    }

    function goToOutline() {
        const box = here.outlines && here.outlines.getBounds();
        if (box && box.isValid()) {
            goToBox([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]);
        }
    }

    /* ---- controls ---- */

    const TOOLS = {
        home: function () { goHome(); moved(); },
        zone: function () { goToOutline(); moved(); },
        measure: function () { tool.set(!tool.on); },
        full: toggleFull,
        link: copyLink,
    };

    function toolbar() {
        const control = L.control({position: "topleft"});
        control.onAdd = function () {
            const bar = made("div", "leaflet-bar bluecarbon-tools");
            bar.setAttribute("role", "toolbar");
            Object.keys(TOOLS).forEach(function (name) {
                const button = made("button", "tool-" + name, bar);
                button.type = "button";
                button.appendChild(icon(name));
                button.addEventListener("click", TOOLS[name]);
                here.buttons[name] = button;
            });
            L.DomEvent.disableClickPropagation(bar);
            here.bar = bar;
            return bar;
        };
        control.addTo(map);
    }

    function pane(position, look, name) {
        const control = L.control({position: position});
        control.onAdd = function () {
            here[name] = made("div", look);
            L.DomEvent.disableClickPropagation(here[name]);
            return here[name];
        };
        control.addTo(map);
        return here[name];
    }

    function label(element, text) {
        element.setAttribute("aria-label", text);
        element.title = text;
    }

    function showWords(words) {
        here.words = words;
        Object.entries(here.buttons).forEach(function ([name, button]) { label(button, word(name)); });
        here.bar.setAttribute("aria-label", word("tools"));
        const zoomed = map.zoomControl;
        label(zoomed._zoomInButton, word("nearer"));
        label(zoomed._zoomOutButton, word("farther"));
        map.getContainer().setAttribute("aria-label", word("map"));
        document.documentElement.lang = word("lang");
        showMeasured(tool);
        showPlace(map.getCenter());
    }

    function showPlace(at) {
        here.place.textContent = word("place")
            .replace("{lon}", at.lng.toFixed(4)).replace("{lat}", at.lat.toFixed(4));
    }

    /* ---- measuring ---- */

    function measuredText(places) {
        if (places.length < 2) { return word("measureStart"); }
        const km = window.bluecarbonMeasure.lengthM(places) / 1000;
        const length = word("measureLength").replace("{km}", number(km, km < 10 ? 3 : 1));
        if (places.length < 3) { return length; }
        const ha = window.bluecarbonMeasure.areaM2(places) / 10000;
        return length + word("measureAnd")
            + word("measureArea").replace("{ha}", number(ha, ha < 100 ? 2 : 1));
    }

    function panelButton(name, press) {
        const button = made("button", "measure-" + name, here.measured);
        button.type = "button";
        button.textContent = word(name);
        // The button is gone after the press: the map would take the click for one of its own.
        button.addEventListener("click", function (event) { event.stopPropagation(); press(); });
    }

    function showMeasured(state) {
        here.buttons.measure.setAttribute("aria-pressed", String(state.on));
        here.measured.hidden = !state.on;
        here.measured.replaceChildren();
        if (!state.on) { return; }
        const said = made("div", "measure-said", here.measured);
        said.setAttribute("role", "status");
        said.textContent = measuredText(state.places);
        made("div", "measure-note", here.measured).textContent =
            state.done ? word("measureDone") : word("measureNote");
        if (state.places.length > 1 && !state.done) { panelButton("finish", tool.finish); }
        if (state.places.length) { panelButton("clear", tool.clear); }
        panelButton("close", function () { tool.set(false); });
    }

    /* ---- full screen; where the browser has none, the map fills the page ---- */

    /* The map with its legend, where it has one; else its frame. */
    function whole() {
        const frame = window.frameElement;
        return frame && (frame.closest(".st-key-map_and_legend") || frame);
    }

    function toggleFull() {
        const frame = window.frameElement, page = outer().document;
        if (!frame) { return; }
        const all = whole();
        if (page.fullscreenElement) { page.exitFullscreen(); return; }
        if (!all.requestFullscreen || all.classList.contains("fills-page")) {
            all.classList.toggle("fills-page");
            return;
        }
        all.requestFullscreen().catch(function () { all.classList.add("fills-page"); });
    }

    /* ---- the link ---- */

    function toast(text) {
        here.toast.textContent = text;
        here.toast.hidden = !text;
        window.clearTimeout(here.toastTimer);
        here.toastTimer = window.setTimeout(function () { here.toast.hidden = true; }, TOAST_MS);
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

    function copyLink() {
        here.touched = true;
        remember();
        writeAddress();
        const text = outer().location.href, board = window.navigator.clipboard;
        const written = board ? board.writeText(text).catch(() => copyByHand(text)) : copyByHand(text);
        written.then(() => toast(word("copied")), () => toast(word("notCopied")));
    }

    /* ---- */

    /* The middle stays in the middle; nobody moved the map. */
    function resized() {
        here.quiet += 1;
        map.invalidateSize({animate: false});
        here.quiet -= 1;
        if (here.again && Date.now() < here.again.until) { go(here.again.move); }
    }

    function start(made_map) {
        map = made_map;
        map.attributionControl.setPrefix(false);
        L.control.scale({imperial: false, position: "bottomleft"}).addTo(map);
        pane("bottomleft", "bluecarbon-place", "place");
        pane("topright", "bluecarbon-measured", "measured").hidden = true;
        pane("topright", "bluecarbon-toast", "toast").hidden = true;
        here.toast.setAttribute("role", "status");
        toolbar();
        tool = window.bluecarbonMeasure.tool(map, showMeasured);
        map.getContainer().setAttribute("role", "application");
        map.on("click", clicked);
        map.on("mousemove", function (event) { showPlace(event.latlng); });
        map.on("mouseout", function () { showPlace(map.getCenter()); });
        map.on("moveend", moved);
        map.on("move", function () { showPlace(map.getCenter()); });
        new ResizeObserver(resized).observe(map.getContainer());
        window.setInterval(keepAddress, CHECK_MS);
    }

    function show(given) {
        here.home = given.home;
        follow(given.move);
        showLayers(given.layers, given.options);
        showOutlines(given.outlines);
        showWords(given.words);
    }

    window.bluecarbonMap = {start: start, show: show};
})();

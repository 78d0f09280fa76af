/* What our map does beyond Leaflet: soft changes of tiles, a view that is kept, own controls.

   start() is called once a frame, by a script that never changes; show() at every change, with
   addresses made of numbers, geometry, and words of the dashboard. Text only ever becomes
   textContent or an attribute. */
(function () {
    "use strict";

    const CHECK_MS = 500, WIDE_PX = 760, LEGEND_PX = 250, SETTLE_MS = 2000;
    const parts = window.bluecarbonParts, made = parts.made;
    const here = {words: {}, token: null, touched: false, home: null, buttons: {}, quiet: 0};
    let map, tool, pen;

    function word(name) { return here.words[name] || ""; }

    function outer() {
        try { return window.parent.document ? window.parent : window; } catch (refused) { return window; }
    }

    /* ---- the view: kept for this tab, and in the address once somebody moved the map ---- */

    function viewText() {
        const centre = map.getCenter();
        return map.getZoom() + "/" + centre.lat.toFixed(5) + "/" + centre.lng.toFixed(5);
    }

    function remember() {
        parts.remember({token: here.token, view: viewText(), touched: here.touched});
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

    function follow(move) {
        if (!parts.follow(here, move, {view: goTo, box: goToBox, home: goHome})) { return; }
        remember();
    }

    function writeAddress() { parts.writeAddress(outer(), viewText()); }

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

    /* ---- outlines ---- */

    const OUTLINED = {color: "#0B5C8A", weight: 2, opacity: 0.9, fillOpacity: 0.04};
    const FAINT = {color: "#5c7080", weight: 1.5, opacity: 0.9, fillOpacity: 0, dashArray: "4 3"};

    function drawn(outline, style) {
        return L.geoJSON(outline, {interactive: false, style: style, pointToLayer: function (_, at) {
            return L.circleMarker(at, {...style, radius: 4, interactive: false});
        }});
    }

    function outlined(outlines, faint) {
        return L.featureGroup([
            ...faint.map(function (outline) { return drawn(outline, FAINT); }),
            ...outlines.map(function (outline) { return drawn(outline, OUTLINED); }),
        ]);
    }

    function showOutlines(outlines, faint) {
        const text = JSON.stringify([outlines, faint]);
        if (here.outlineText === text) { return; }
        here.outlineText = text;
        if (here.outlines) { map.removeLayer(here.outlines); }
        here.outlines = outlined(outlines, faint).addTo(map);
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
        measure: function () { pen.drawing.set(false); tool.set(!tool.on); },
        draw: function () { tool.set(false); pen.drawing.set(!pen.drawing.on); },
        full: toggleFull,
        link: copyLink,
    };

    function toolbar() {
        const control = L.control({position: "topleft"});
        control.onAdd = function () {
            const bar = made("div", "leaflet-bar bluecarbon-tools");
            parts.toolbar(bar, TOOLS, here.buttons);
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

    function showWords(words) {
        here.words = words;
        Object.entries(here.buttons).forEach(function ([name, button]) { parts.label(button, word(name)); });
        here.bar.setAttribute("aria-label", word("tools"));
        const zoomed = map.zoomControl;
        parts.label(zoomed._zoomInButton, word("nearer"));
        parts.label(zoomed._zoomOutButton, word("farther"));
        map.getContainer().setAttribute("aria-label", word("map"));
        document.documentElement.lang = word("lang");
        here.review.textContent = word("review");
        showMeasured(tool);
        showPlace(map.getCenter());
    }

    function showPlace(at) { here.place.textContent = parts.placeText(here.words, at.lat, at.lng); }

    function showMeasured(state) {
        here.buttons.measure.setAttribute("aria-pressed", String(state.on));
        parts.showMeasured(here.measured, here.words, state);
    }

    /* The map with its legend, where it has one; else its frame. */
    function whole() {
        const frame = window.frameElement;
        return frame && (frame.closest(".st-key-map_and_legend") || frame);
    }

    function toggleFull() {
        if (whole()) { parts.toggleFull(outer().document, whole()); }
    }

    function copyLink() {
        here.touched = true;
        remember();
        writeAddress();
        parts.copy(outer().location.href).then(
            () => parts.toast(here.toast, word("copied")),
            () => parts.toast(here.toast, word("notCopied")));
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
        here.showLayers = window.bluecarbonStack(map, window.bluecarbonTiles = {});
        map.attributionControl.setPrefix(false);
        L.control.scale({imperial: false, position: "bottomleft"}).addTo(map);
        pane("bottomleft", "bluecarbon-place", "place");
        pane("bottomleft", "bluecarbon-review", "review");
        pane("topright", "bluecarbon-measured", "measured").hidden = true;
        pane("topright", "bluecarbon-toast", "toast").hidden = true;
        here.toast.setAttribute("role", "status");
        toolbar();
        tool = window.bluecarbonMeasure.tool(map, showMeasured);
        pen = window.bluecarbonDraw.tool(map, word);
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
        here.showLayers(given.layers, given.options);
        showOutlines(given.outlines, given.faint);
        showWords(given.words);
        parts.keepChoice(given.keep);
        window.bluecarbonBeside.show(map, given);
        here.buttons.draw.hidden = !given.draw;
        pen.show(given.draw);
    }

    /* A second map of the same ground is drawn and measured on as the first one is. */
    function join(other) {
        tool.join(other);
        pen.join(other);
    }

    window.bluecarbonMap = {start: start, show: show, outlined: outlined, join: join};
})();

/* Two times at once: one map under a divider that can be moved, or two maps that move together.

   show() is called at every change with the map and all that it is given; `beside` in it is null,
   or holds the mode, the layers of the earlier time, which lie at the left, and a label for each
   half. What the map shows anyway is the later time, at the right. Text only ever becomes
   textContent or an attribute. */
(function () {
    "use strict";

    const PANE = "bluecarbon-beside", made = window.bluecarbonParts.made;
    const here = {mode: null, percent: 50, labels: []};
    let map;

    function label(at, parent, side) {
        here.labels[at] = made("div", "bluecarbon-side " + side, parent);
    }

    /* ---- one map under a divider ---- */

    function polygon(left, right, box) {
        return "polygon(" + [[left, box.top], [right, box.top], [right, box.bottom],
            [left, box.bottom]].map(function (at) { return at[0] + "px " + at[1] + "px"; }) + ")";
    }

    /* Panes move with the map: the clip is put back to where the divider stands. */
    function clip() {
        const size = map.getSize(), from = map.containerPointToLayerPoint([0, 0]);
        const to = map.containerPointToLayerPoint(size);
        const middle = from.x + size.x * here.percent / 100;
        const box = {top: from.y, bottom: to.y};
        map.getPane(PANE).style.clipPath = polygon(from.x, middle, box);
        map.getPane("tilePane").style.clipPath = polygon(middle, to.x, box);
    }

    function divider() {
        const bar = here.divider = window.bluecarbonParts.divider(map.getContainer(), function (percent) {
            here.percent = percent;
            clip();
        });
        bar.percent = here.percent;
        L.DomEvent.disableClickPropagation(bar.bar);
    }

    function startSwipe() {
        if (!map.getPane(PANE)) { map.createPane(PANE).style.zIndex = 210; }
        divider();
        label(0, map.getContainer(), "left");
        label(1, map.getContainer(), "right");
        map.on("move zoom viewreset resize", clip);
        here.held = {};
        here.show = window.bluecarbonStack(map, here.held, PANE);
    }

    function endSwipe() {
        map.off("move zoom viewreset resize", clip);
        here.show([], {});
        here.divider.bar.remove();
        map.getPane(PANE).style.clipPath = map.getPane("tilePane").style.clipPath = "";
    }

    /* ---- two maps that move together ---- */

    function together(from, to) {
        from.on("move", function () {
            if (here.leading || !here.second) { return; }
            here.leading = true;
            to().setView(from.getCenter(), from.getZoom(), {animate: false});
            here.leading = false;
        });
    }

    function parent() { return document.getElementById("parent"); }

    function startSide() {
        parent().classList.replace("single", "double");
        parent().classList.add("bluecarbon-double");
        const own = map.options, second = document.getElementById("map_div2");
        here.second = L.map(second, {
            zoomControl: false, attributionControl: false, fadeAnimation: false,
            trackResize: false, maxBounds: own.maxBounds, minZoom: own.minZoom,
            maxZoom: own.maxZoom, maxBoundsViscosity: own.maxBoundsViscosity,
        }).setView(map.getCenter(), map.getZoom(), {animate: false});
        second.setAttribute("role", "application");
        // The tools hear of a click before it is one for facts.
        window.bluecarbonMap.join(here.second);
        here.second.on("click", function (event) { map.fire("click", {latlng: event.latlng}); });
        here.watch = new ResizeObserver(function () {
            here.second.invalidateSize({animate: false});
            here.second.setView(map.getCenter(), map.getZoom(), {animate: false});
        });
        here.watch.observe(second);
        together(here.second, function () { return map; });
        label(0, second, "left");
        label(1, map.getContainer(), "left");
        here.held = {};
        here.show = window.bluecarbonStack(here.second, here.held);
    }

    function endSide() {
        here.watch.disconnect();
        here.second.remove();
        here.second = here.outlines = null;
        parent().classList.remove("bluecarbon-double");
        parent().classList.replace("double", "single");
    }

    function outline(given) {
        if (here.outlines) { here.second.removeLayer(here.outlines); }
        here.outlines = window.bluecarbonMap.outlined(given.outlines, given.faint).addTo(here.second);
    }

    /* ---- */

    const START = {swipe: startSwipe, side: startSide}, END = {swipe: endSwipe, side: endSide};

    function turnTo(mode) {
        if (here.mode === mode) { return; }
        if (here.mode) {
            END[here.mode]();
            here.labels.forEach(function (element) { element.remove(); });
        }
        here.mode = mode;
        if (mode) { START[mode](); }
    }

    function show(shown, given) {
        if (!map) {
            map = shown;
            together(map, function () { return here.second; });
        }
        const beside = given.beside;
        turnTo(beside ? beside.mode : null);
        if (!beside) { return; }
        here.labels.forEach(function (element, at) { element.textContent = beside.labels[at]; });
        here.show(beside.layers, given.options);
        if (here.mode === "side") {
            here.second.getContainer().setAttribute("aria-label", beside.words.second);
            outline(given);
        } else {
            here.divider.say(beside.words, beside.labels);
        }
    }

    window.bluecarbonBeside = {show: show, here: here};
})();

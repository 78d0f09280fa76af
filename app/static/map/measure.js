/* Measuring on the map: length along clicks in km, area inside them in ha; indicative.

   Length by Lambert's formula for long lines and area by geodesics on the authalic sphere, both
   with the constants of CGCS2000. Numbers for reports come from the server, never from here. */
(function () {
    "use strict";

    const A = 6378137.0, F = 1 / 298.257222101, E2 = F * (2 - F), E = Math.sqrt(E2);
    const RAD = Math.PI / 180;
    const COLOUR = "#B3261E";

    function qOf(sinus) {
        return (1 - E2) * (sinus / (1 - E2 * sinus * sinus) + Math.atanh(E * sinus) / E);
    }
    const Q_POLE = qOf(1), R2 = A * A * Q_POLE / 2;

    /* Metres between two places, [latitude, longitude] in degrees each. */
    function distanceM(from, to) {
        const p1 = Math.atan((1 - F) * Math.tan(from[0] * RAD));
        const p2 = Math.atan((1 - F) * Math.tan(to[0] * RAD));
        const haversine = Math.sin((p2 - p1) / 2) ** 2
            + Math.cos(p1) * Math.cos(p2) * Math.sin((to[1] - from[1]) * RAD / 2) ** 2;
        const angle = 2 * Math.asin(Math.min(1, Math.sqrt(haversine)));
        if (angle < 1e-12) { return 0; }
        const p = (p1 + p2) / 2, q = (p2 - p1) / 2, half = angle / 2;
        const x = (angle - Math.sin(angle)) * (Math.sin(p) * Math.cos(q) / Math.cos(half)) ** 2;
        const y = (angle + Math.sin(angle)) * (Math.cos(p) * Math.sin(q) / Math.sin(half)) ** 2;
        return A * (angle - F / 2 * (x + y));
    }

    /* Metres along places. */
    function lengthM(places) {
        return places.slice(1).reduce((sum, to, at) => sum + distanceM(places[at], to), 0);
    }

    /* Square metres inside places; 0 for less than three. */
    function areaM2(places) {
        const halves = places.map(function (place) {
            const authalic = Math.asin(qOf(Math.sin(place[0] * RAD)) / Q_POLE);
            return Math.tan(authalic / 2);
        });
        const excess = places.reduce(function (sum, from, at) {
            const next = (at + 1) % places.length;
            const east = Math.tan((places[next][1] - from[1]) * RAD / 2);
            return sum + 2 * Math.atan2(
                east * (halves[at] + halves[next]), 1 + halves[at] * halves[next]);
        }, 0);
        return Math.abs(excess) * R2;
    }

    /* Clicks give places while it is on; `draw` shows what became of them. */
    function measureState(draw) {
        const tool = {on: false, done: false, places: []};
        tool.set = function (on) {
            Object.assign(tool, {on: on, done: false, places: []});
            draw();
        };
        tool.clear = function () { tool.places = []; tool.done = false; draw(); };
        tool.finish = function () { tool.done = true; draw(); };
        tool.add = function (place) {
            if (tool.done) { tool.places = []; tool.done = false; }
            tool.places.push(place);
            draw();
        };
        return tool;
    }

    /* The tool on a map of Leaflet; nobody else hears of its clicks. */
    function measureTool(map, onChange) {
        const tool = measureState(draw), faces = [];

        function draw() {
            map.doubleClickZoom[tool.on ? "disable" : "enable"]();
            map.getContainer().classList.toggle("is-measuring", tool.on);
            faces.forEach(paint);
            onChange(tool);
        }

        function paint(drawn) {
            drawn.clearLayers();
            if (!tool.places.length) { return; }
            const style = {color: COLOUR, weight: 2.5, interactive: false};
            if (tool.places.length > 2) {
                L.polygon(tool.places, {...style, weight: 1, dashArray: "4 4", fillOpacity: 0.08})
                    .addTo(drawn);
            }
            L.polyline(tool.places, style).addTo(drawn);
            tool.places.forEach(function (place) {
                L.circleMarker(place, {...style, radius: 3.5, fillColor: "#fff", fillOpacity: 1})
                    .addTo(drawn);
            });
        }

        function heard(event, on) {
            if (!tool.on || event.target.closest(".leaflet-control")) { return; }
            event.stopImmediatePropagation();
            if (event.type === "dblclick") { tool.finish(); return; }
            if (event.detail > 1 || on.dragging.moved()) { return; }
            const at = on.mouseEventToLatLng(event);
            tool.add([at.lat, at.lng]);
        }

        /* Another map of the same ground takes part until it is removed. */
        tool.join = function (other) {
            const drawn = L.layerGroup().addTo(other);
            faces.push(drawn);
            ["click", "dblclick"].forEach(function (kind) {
                other.getContainer().addEventListener(kind, (event) => heard(event, other), true);
            });
            other.on("unload", function () { faces.splice(faces.indexOf(drawn), 1); });
            paint(drawn);
        };
        tool.join(map);
        map.getContainer().addEventListener("keydown", function (event) {
            if (tool.on && event.key === "Escape") { tool.set(false); }
        });
        return tool;
    }

    window.bluecarbonMeasure = {
        lengthM: lengthM, areaM2: areaM2, colour: COLOUR, state: measureState, tool: measureTool,
    };
})();

/* What the fast map draws: tiles, patches and outlines, in MapLibre's terms.

   Layers are swapped without a flash; strength, order and filters change in place. Patches come as
   drawn tiles from afar and as vector tiles from near; what a vector tile holds is written in
   src/bluecarbon_map/tiles/vector.py. */
(function () {
    "use strict";

    const OUTLINE = "#0B5C8A", FAINT = "#5c7080", REAL = 230 / 255, DEMONSTRATION = 150 / 255;
    const DARKER = 0.62, CLEAR = "rgba(0,0,0,0)", SOON = {duration: 0};
    const ABOVE = "outlined-ground";

    /* Bare geometry as features of GeoJSON. */
    function collection(shapes) {
        const features = shapes.map((geometry) => ({type: "Feature", properties: {}, geometry}));
        return {type: "FeatureCollection", features: features};
    }

    /* West, south, east, north of geometry; null where there is none. */
    function boxOf(shapes) {
        const box = [Infinity, Infinity, -Infinity, -Infinity];
        (function walk(part) {
            if (part.geometries) { part.geometries.forEach(walk); return; }
            if (part.coordinates) { walk(part.coordinates); return; }
            if (typeof part[0] !== "number") { part.forEach(walk); return; }
            box[0] = Math.min(box[0], part[0]);
            box[1] = Math.min(box[1], part[1]);
            box[2] = Math.max(box[2], part[0]);
            box[3] = Math.max(box[3], part[1]);
        })(shapes);
        return Number.isFinite(box[0]) ? box : null;
    }

    /* The map never leaves its sheet; where it is larger, the sheet lies in its middle. */
    function constraint(frame, options) {
        const [[south, west], [north, east]] = options.bounds;
        const place = (lng, lat) => window.maplibregl.MercatorCoordinate.fromLngLat([lng, lat]);
        const low = place(west, north), high = place(east, south);

        function within(at, from, to, half) {
            if (to - from < 2 * half) { return (from + to) / 2; }
            return Math.min(Math.max(at, from + half), to - half);
        }
        return function (asked, askedZoom) {
            const zoom = Math.min(Math.max(askedZoom, options.minZoom - 1), options.maxZoom - 1);
            const world = 512 * 2 ** zoom, at = place(asked.lng, asked.lat);
            at.x = within(at.x, low.x, high.x, frame.clientWidth / world / 2);
            at.y = within(at.y, low.y, high.y, frame.clientHeight / world / 2);
            return {center: at.toLngLat(), zoom: zoom};
        };
    }

    /* A layer of another machine, which only an administrator's key brings here, names its hosts. */
    function addresses(layer) {
        const whole = layer.url.startsWith("/") ? window.location.origin + layer.url : layer.url;
        const hosts = [...((layer.options || {}).subdomains || "")];
        return hosts.length ? hosts.map((host) => whole.replace("{s}", host)) : [whole];
    }

    /* Whose ground is seen. Credits of layers come as escaped HTML, as Leaflet wants them. */
    function credits(given) {
        const own = given.layers.map((layer) => (layer.options || {}).attribution).filter(Boolean);
        const page = new DOMParser().parseFromString(own.join(", "), "text/html");
        return [...new Set([given.options.attribution, ...page.body.textContent.split(", ")])]
            .filter(Boolean).join(", ");
    }

    function darker(colour) {
        const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
        return "rgb(" + parts.map((part) => Math.trunc(part * DARKER)).join() + ")";
    }

    /* A colour for each look, in the order of the list. */
    function byLook(colours) {
        return ["match", ["get", "c"], ...colours.flatMap((colour, at) => [at, colour]), CLEAR];
    }

    /* ---- patches from near: vector tiles, coloured and filtered here ---- */

    class Patches {
        constructor(map, id, given) {
            Object.assign(this, {map, id, ids: [id + "-fill", id + "-edge", id + "-dots"]});
            map.addSource(id, {type: "vector", tiles: [window.location.origin + given.url],
                minzoom: given.first, maxzoom: given.last});
            const base = {source: id, "source-layer": "patches", minzoom: given.first};
            const colour = byLook(given.colours), order = ["+", ["*", 2, ["get", "c"]], ["-", 1, ["get", "d"]]];
            map.addLayer({...base, id: this.ids[0], type: "fill",
                layout: {"fill-sort-key": order},
                paint: {"fill-color": colour, "fill-antialias": false, "fill-opacity-transition": SOON}}, ABOVE);
            map.addLayer({...base, id: this.ids[1], type: "line",
                layout: {"line-sort-key": order, "line-join": "round"},
                paint: {"line-color": colour, "line-width": 1.5, "line-opacity-transition": SOON}}, ABOVE);
            map.addLayer({...base, id: this.ids[2], type: "line",
                layout: {"line-sort-key": order, "line-cap": "round", "line-join": "round"},
                paint: {"line-color": byLook(given.colours.map(darker)), "line-width": 1.8,
                    "line-dasharray": [0, 2.5], "line-opacity-transition": SOON}}, ABOVE);
        }

        show(given, opacity) {
            const kept = ["all"], map = this.map;
            if (given.ecosystems) { kept.push(["in", ["get", "e"], ["literal", given.ecosystems]]); }
            if (!given.demonstration) { kept.push(["==", ["get", "d"], 0]); }
            const look = ["case", ["==", ["get", "d"], 1], DEMONSTRATION * opacity, REAL * opacity];
            const dotted = [...kept, ["==", ["get", "d"], 1]];
            this.ids.forEach((id, at) => map.setFilter(id, at === 2 ? dotted : kept));
            map.setPaintProperty(this.ids[0], "fill-opacity", look);
            map.setPaintProperty(this.ids[1], "line-opacity", look);
            map.setPaintProperty(this.ids[2], "line-opacity", opacity);
        }

        drop() {
            this.ids.forEach((id) => this.map.removeLayer(id));
            this.map.removeSource(this.id);
        }
    }

    /* ---- all tiles, by the name of their layer; what is taken off the map is forgotten first,
       for the map tells of it at once ---- */

    class Layers {
        constructor(map, maxZoom) {
            Object.assign(this, {map, maxZoom, stack: {}, made: 0, order: ""});
            map.on("sourcedata", () => this.takeTurns());
            map.on("zoom", () => this.takeTurns());
            map.on("idle", () => this.takeTurns(true));
        }

        show(layers) {
            const wanted = new Set(layers.map((layer) => layer.name));
            Object.keys(this.stack).filter((name) => !wanted.has(name)).forEach((name) => {
                const gone = this.stack[name];
                delete this.stack[name];
                gone.all.forEach((id) => this.drop(id));
                if (gone.patches) { gone.patches.drop(); }
            });
            layers.forEach((layer) => this.showLayer(layer));
            this.arrange();
            this.takeTurns();
        }

        showLayer(layer) {
            const old = this.stack[layer.name] || {all: []};
            const now = this.stack[layer.name] = {...old, opacity: layer.opacity, z: layer.z};
            if (old.url !== layer.url) {
                now.all = old.all.slice(0, 1);
                old.all.slice(1).forEach((id) => this.drop(id));  // asked for meanwhile, never seen
                const id = this.add(layer);
                Object.assign(now, {url: layer.url, all: [...now.all, id]});
                if (old.all.length) { this.map.once("idle", () => this.settle(layer.name)); }
            }
            // Two years at once would look like both together: the new one waits unseen.
            now.all.forEach((id, at) => this.strengthen(id, at ? 0 : layer.opacity));
            this.showPatches(layer, now);
        }

        add(layer) {
            this.made += 1;
            const id = layer.name + "#" + this.made;
            this.map.addSource(id, {type: "raster", tileSize: 256,
                tiles: addresses(layer), ...this.limits(layer)});
            this.map.addLayer({id: id, type: "raster", source: id,
                paint: {"raster-fade-duration": 0, "raster-opacity-transition": SOON}}, ABOVE);
            return id;
        }

        /* Where vector tiles take over, the drawn ones are only enlarged until those are there. */
        limits(layer) {
            const {minZoom, maxNativeZoom, bounds} = layer.options || {};
            const most = layer.vector ? layer.vector.first : this.maxZoom;
            const box = bounds && [bounds[0][1], bounds[0][0], bounds[1][1], bounds[1][0]];
            return {minzoom: minZoom || 0, maxzoom: maxNativeZoom || most, ...(box ? {bounds: box} : {})};
        }

        showPatches(layer, now) {
            const given = layer.vector, address = given ? given.url : null;
            if (now.patches && now.vector !== address) {
                const gone = now.patches;
                now.patches = null;
                gone.drop();
            }
            now.vector = address;
            if (!given) { return; }
            if (!now.patches) {
                this.made += 1;
                now.patches = new Patches(this.map, layer.name + "#" + this.made, given);
                Object.assign(now, {first: given.first, there: false});
                this.order = "";
            }
            now.patches.show(given, layer.opacity);
        }

        /* Drawn tiles make way for the patches once those are there, and stay away while a filter
           sorts them anew or the map moves: both at once would be too dark, and asked for in vain. */
        takeTurns(idle) {
            Object.values(this.stack).filter((layer) => layer.patches).forEach((layer) => {
                const near = this.map.getZoom() >= layer.first;
                const there = near && (layer.there || this.map.isSourceLoaded(layer.patches.id));
                layer.there = near && (layer.there || Boolean(idle && there));
                const seen = there ? "none" : "visible";
                layer.all.forEach((id) => {
                    if (this.map.getLayoutProperty(id, "visibility") !== seen) {
                        this.map.setLayoutProperty(id, "visibility", seen);
                    }
                });
            });
        }

        /* The tiles of before go once those of now are drawn. */
        settle(name) {
            const layer = this.stack[name];
            if (!layer) { return; }
            const gone = layer.all.slice(0, -1);
            layer.all = layer.all.slice(-1);
            layer.all.forEach((id) => this.strengthen(id, layer.opacity));
            gone.forEach((id) => this.drop(id));
        }

        strengthen(id, opacity) { this.map.setPaintProperty(id, "raster-opacity", opacity); }

        drop(id) {
            if (!this.map.getLayer(id)) { return; }
            this.map.removeLayer(id);
            this.map.removeSource(id);
        }

        arrange() {
            const layers = Object.values(this.stack).sort((one, other) => one.z - other.z);
            const wanted = layers.flatMap((layer) => [...layer.all, ...(layer.patches ? layer.patches.ids : [])]);
            if (wanted.join() === this.order) { return; }
            this.order = wanted.join();
            wanted.forEach((id) => this.map.moveLayer(id, ABOVE));
        }
    }

    /* ---- outlines, and what is measured ---- */

    class Outlines {
        constructor(map) {
            this.map = map;
            ["faint", "outlined", "measured"].forEach((name) => {
                map.addSource(name, {type: "geojson", data: collection([]), tolerance: 0.1});
            });
            const red = window.bluecarbonMeasure.colour;
            this.fill(ABOVE, "outlined", OUTLINE, 0.04);
            this.line("faint-line", "faint", FAINT, 1.5, [2.7, 2]);
            this.dot("faint-dot", "faint", FAINT, CLEAR);
            this.line("outlined-line", "outlined", OUTLINE, 2);
            this.dot("outlined-dot", "outlined", OUTLINE, CLEAR);
            this.fill("measured-ground", "measured", red, 0.08);
            this.line("measured-line", "measured", red, 2.5);
            this.dot("measured-dot", "measured", red, "#fff");
        }

        fill(id, source, colour, opacity) {
            this.map.addLayer({id, source, type: "fill", filter: ["==", ["geometry-type"], "Polygon"],
                paint: {"fill-color": colour, "fill-opacity": opacity, "fill-antialias": false}});
        }

        line(id, source, colour, width, dash) {
            this.map.addLayer({id, source, type: "line", layout: {"line-join": "round"},
                paint: {"line-color": colour, "line-width": width, "line-opacity": 0.9,
                    ...(dash ? {"line-dasharray": dash} : {})}});
        }

        dot(id, source, colour, inner) {
            this.map.addLayer({id, source, type: "circle", filter: ["==", ["geometry-type"], "Point"],
                paint: {"circle-radius": 4, "circle-color": inner,
                    "circle-stroke-color": colour, "circle-stroke-width": 2}});
        }

        show(outlines, faint) {
            const text = JSON.stringify([outlines, faint]);
            if (this.text === text) { return; }
            this.text = text;
            this.map.getSource("outlined").setData(collection(outlines));
            this.map.getSource("faint").setData(collection(faint));
        }

        /* Places of the measuring tool, [latitude, longitude] each. */
        measure(places) {
            const corners = places.map(([lat, lng]) => [lng, lat]);
            const shapes = corners.map((place) => ({type: "Point", coordinates: place}));
            if (corners.length > 1) { shapes.push({type: "LineString", coordinates: corners}); }
            if (corners.length > 2) {
                shapes.push({type: "Polygon", coordinates: [[...corners, corners[0]]]});
            }
            this.map.getSource("measured").setData(collection(shapes));
        }
    }

    window.bluecarbonFast = {boxOf, constraint, credits, Layers, Outlines};
})();

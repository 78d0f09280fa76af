/* Own areas on the fast map: draw.js holds the drawing itself, this puts it on MapLibre. */
(function () {
    "use strict";

    const VIEW_MS = 500, STEP_PX = 5;
    const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

    function swapped(places) { return places.map(([lat, lng]) => [lng, lat]); }

    class Draw {
        constructor(fast, corner) {
            const {sketch, keeper} = window.bluecarbonDraw;
            Object.assign(this, {fast, map: fast.map, handles: [], mail: {}, given: null, view: ""});
            Object.assign(this, {maps: [], drawn: {own: [], drawn: []}});
            this.box = window.bluecarbonParts.made("div", "bluecarbon-drawn", corner);
            this.box.hidden = true;
            this.join(this.map);
            this.drawing = sketch(() => this.paint());
            this.remember = keeper((part) => this.post(part));
            this.map.getCanvas().addEventListener("keydown", (event) => this.key(event));
            this.map.on("moveend", () => {
                window.clearTimeout(this.timer);
                this.timer = window.setTimeout(() => this.tellView(), VIEW_MS);
            });
        }

        /* Another map of the same ground shows what is drawn too, until it leaves. */
        join(map) {
            this.maps.push(map);
            const colour = window.bluecarbonDraw.colour;
            const faint = ["==", ["get", "faint"], true], strong = ["!", faint];
            const line = (id, source, filter, paint) => map.addLayer({id, source, filter, type: "line",
                layout: {"line-join": "round"}, paint: {"line-color": colour, ...paint}});
            ["own", "drawn"].forEach((source) => {
                map.addSource(source, {type: "geojson", tolerance: 0.1,
                    data: {type: "FeatureCollection", features: this.drawn[source]}});
                map.addLayer({id: source + "-ground", source: source, type: "fill",
                    filter: ["all", strong, ["==", ["geometry-type"], "Polygon"]],
                    paint: {"fill-color": colour, "fill-opacity": source === "own" ? 0.08 : 0.12,
                        "fill-antialias": false}});
                line(source + "-line", source, strong, {"line-width": 2.5, "line-opacity": 0.95});
            });
            line("own-faint", "own", faint,
                {"line-width": 1.2, "line-opacity": 0.6, "line-dasharray": [3.3, 3.3]});
        }

        data(source, features) {
            this.drawn[source] = features;
            this.maps.forEach((map) => {
                map.getSource(source).setData({type: "FeatureCollection", features: features});
            });
        }

        leave(map) { this.maps = this.maps.filter((one) => one !== map); }

        /* All that the server should know, together: each part stays until a newer one comes. */
        post(part) {
            Object.assign(this.mail, part);
            this.fast.component.setStateValue("mail", {...this.mail});
        }

        /* ---- the drawing ---- */

        outline() {
            const ring = swapped(this.drawing.places);
            const geometry = ring.length > 2
                ? {type: "Polygon", coordinates: [[...ring, ring[0]]]}
                : {type: "LineString", coordinates: ring};
            this.data("drawn", ring.length > 1 ? [{type: "Feature", properties: {}, geometry}] : []);
        }

        paint() {
            const drawing = this.drawing;
            this.outline();
            this.handles.forEach((marker) => marker.remove());
            this.handles = drawing.on ? drawing.places.map((place, at) => this.handle(place, at)) : [];
            this.map.doubleClickZoom[drawing.on ? "disable" : "enable"]();
            this.fast.drawing.classList.toggle("is-drawing", drawing.on);
            this.panel();
        }

        handle(place, at) {
            const element = window.bluecarbonParts.made("button", "draw-handle"), drawing = this.drawing;
            element.type = "button";
            window.bluecarbonParts.label(element, this.fast.word("drawVertex").replace("{n}", at + 1));
            const marker = new window.maplibregl.Marker({element: element, draggable: true});
            marker.setLngLat([place[1], place[0]]).addTo(this.map);
            const here = () => [marker.getLngLat().lat, marker.getLngLat().lng];
            marker.on("drag", () => { drawing.places[at] = here(); this.outline(); });
            marker.on("dragend", () => { this.dragged = true; drawing.move(at, here()); });
            element.addEventListener("keydown", (event) => this.pressed(event, at));
            element.addEventListener("click", (event) => {
                event.stopPropagation();
                if (at === 0 && !this.dragged && event.detail) { this.finish(); }
                this.dragged = false;
            });
            return marker;
        }

        pressed(event, at) {
            const way = WAYS[event.key], drawing = this.drawing;
            if (way) {
                const from = this.map.project(swapped([drawing.places[at]])[0]);
                const to = this.map.unproject([from.x + way[0] * STEP_PX, from.y + way[1] * STEP_PX]);
                drawing.move(at, [to.lat, to.lng]);
                this.focusHandle(at);
            } else if (event.key === "Delete" || event.key === "Backspace") {
                drawing.remove(at);
                if (drawing.places.length) { this.focusHandle(Math.max(0, at - 1)); } else { this.focusMap(); }
            } else { return; }
            event.preventDefault();
            event.stopPropagation();
        }

        focusHandle(at) {
            if (this.handles[at]) { this.handles[at].getElement().focus(); }
        }

        focusMap() { this.map.getCanvas().focus(); }

        finish() {
            if (!this.drawing.ready()) { return; }
            this.post({drawn: this.drawing.result()});
            const places = this.drawing.places;
            this.drawing.set(false);
            this.drawing.places = places;  // until it comes back as an area
            this.outline();
        }

        panel() {
            window.bluecarbonDraw.showPanel(this.box, (name) => this.fast.word(name), this.drawing,
                () => this.finish(), () => this.focusMap());
        }

        /* Whether a click was one for the drawing. */
        clicked(event) {
            if (!this.drawing.on) { return false; }
            if (event.originalEvent.detail < 2) {
                this.drawing.add([event.lngLat.lat, event.lngLat.lng]);
            }
            return true;
        }

        key(event) {
            if (!this.drawing.on) { return; }
            if (event.key === "Enter") {
                const at = this.map.getCenter();
                this.drawing.add([at.lat, at.lng]);
            } else if (event.key === "Backspace") { this.drawing.undo(); } else { return; }
            event.preventDefault();
        }

        /* ---- the view, told only while numbers follow it ---- */

        tellView() {
            if (!this.given || !this.given.follow) { return; }
            const at = this.map.getBounds();
            const view = [at.getWest(), at.getSouth(), at.getEast(), at.getNorth()]
                .map((edge) => Number(edge.toFixed(5)));
            if (this.view !== view.join()) {
                this.view = view.join();
                this.post({view: view});
            }
        }

        /* ---- what the server gives ---- */

        show(given) {
            this.given = given;
            this.fast.buttons.draw.hidden = !given;
            if (!given) { return; }
            this.showShapes(given.shapes);
            this.remember(given.keep);
            if (given.edit && given.edit.token !== this.edit) {
                this.edit = given.edit.token;
                if (window.bluecarbonDraw.opens(this.edit)) {
                    this.drawing.set(true, given.edit.places, given.edit.of);
                }
            }
            if (!given.follow) { this.view = ""; }
            window.setTimeout(() => this.tellView());
            this.panel();
        }

        showShapes(shapes) {
            const text = JSON.stringify(shapes);
            if (text === this.shapes) { return; }
            this.shapes = text;
            if (!this.drawing.on) { this.data("drawn", []); }
            this.data("own", shapes.map(({geometry, faint}) => (
                {type: "Feature", properties: {faint: Boolean(faint)}, geometry: geometry})));
        }
    }

    window.bluecarbonFastDraw = Draw;
})();

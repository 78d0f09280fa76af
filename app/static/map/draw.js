/* Own areas on the map: a polygon drawn by hand, and what goes to and fro about it.

   sketch() is the drawing itself and knows no map, so that any renderer can use it; tool() puts it
   on Leaflet. What is finished goes to the server as numbers alone, and is checked there. */
(function () {
    "use strict";

    const COLOUR = "#161616", MOST = 500, VIEW_MS = 500, STEP_PX = 5, DIGITS = 7;
    const MEMORY = "bluecarbon-own-areas", OPENED = "bluecarbon-own-outline";

    /* A word that no other one equals. */
    function fresh() { return Date.now().toString(36) + Math.random().toString(36).slice(2, 8); }

    /* ---- the drawing: places [latitude, longitude], in order ---- */

    function sketch(onChange) {
        const drawing = {on: false, places: [], of: null};

        function changed() { onChange(drawing); }

        drawing.set = function (on, places, of) {
            drawing.on = on;
            drawing.places = on ? (places || []).slice(0, MOST) : [];
            drawing.of = on && of !== undefined ? of : null;
            changed();
        };
        drawing.add = function (place) {
            if (drawing.places.length < MOST) { drawing.places.push(place); changed(); }
        };
        drawing.move = function (at, place) { drawing.places[at] = place; changed(); };
        drawing.remove = function (at) { drawing.places.splice(at, 1); changed(); };
        drawing.undo = function () { drawing.places.pop(); changed(); };
        drawing.ready = function () { return drawing.places.length > 2; };
        /* GeoJSON, and an id by which the server knows that it is new. */
        drawing.result = function () {
            const ring = drawing.places.map(function (place) {
                return [Number(place[1].toFixed(DIGITS)), Number(place[0].toFixed(DIGITS))];
            });
            return {
                id: fresh(),
                of: drawing.of,
                geometry: {type: "Polygon", coordinates: [ring.concat([ring[0]])]},
            };
        };
        return drawing;
    }

    /* ---- what this browser keeps, and only if its user asked for it ---- */

    const memory = {
        read: function () {
            try { return window.localStorage.getItem(MEMORY) || ""; } catch (refused) { return ""; }
        },
        /* Whether it could. */
        write: function (text) {
            try {
                if (text) { window.localStorage.setItem(MEMORY, text); } else {
                    window.localStorage.removeItem(MEMORY);
                }
                return true;
            } catch (full) { return false; }
        },
    };

    /* What the server asks of the browser: `text` to keep, "" for none, null where nobody said;
       by which `session`, and the id of what it `took` in last. A map outlives its session, and
       another tab may write: what lies there is only written over by a session that knows it. */
    function keeper(post) {
        let session = null, agreed = "", sent = {}, refused = false;

        function write(text) {
            const could = memory.write(text);
            if (could) { agreed = text; }
            if (refused === could) {
                refused = !could;
                post({refused: refused});
            }
        }

        return function (keep) {
            const kept = memory.read();
            if (keep.session !== session) {
                session = keep.session;
                agreed = "";
                sent = {};
            }
            if (sent.id && keep.took === sent.id) {
                agreed = sent.text;
                sent = {};
            }
            if (kept === keep.text) { agreed = kept; }
            if (kept && kept !== agreed) {
                if (sent.text === kept) { return; }  // it is on its way
                sent = {id: fresh(), text: kept};
                post({kept: {...sent}});
            } else if (keep.text !== null && keep.text !== agreed) {
                write(keep.text);
            }
        };
    }

    /* Whether this tab has not opened the outline of a token yet; it is opened now. */
    function opens(token) {
        try {
            if (window.sessionStorage.getItem(OPENED) === token) { return false; }
            window.sessionStorage.setItem(OPENED, token);
        } catch (full) { /* the map's own memory has to do */ }
        return true;
    }

    /* ---- what stands beside the drawing ---- */

    function said(word, drawing) {
        if (!drawing.ready()) { return word("drawStart"); }
        const ha = window.bluecarbonMeasure.areaM2(drawing.places) / 10000;
        return word("drawArea").replace("{ha}", ha.toLocaleString("en-US",
            {maximumFractionDigits: ha < 100 ? 2 : 0}));
    }

    function showPanel(box, word, drawing, finish, leave) {
        const inside = box.getRootNode().activeElement;
        const focused = box.contains(inside) && inside.className;

        function line(look, text) {
            const made = window.bluecarbonParts.made("div", look, box);
            made.textContent = text;
            return made;
        }

        function press(name, act) {
            const button = window.bluecarbonParts.made("button", "draw-" + name, box);
            button.type = "button";
            button.textContent = word(name);
            button.addEventListener("click", function (event) { event.stopPropagation(); act(); });
        }

        box.hidden = !drawing.on;
        box.replaceChildren();
        if (!drawing.on) { return; }
        line("measure-said", said(word, drawing)).setAttribute("role", "status");
        line("measure-note", word("drawNote"));
        if (drawing.ready()) { press("finish", finish); }
        if (drawing.places.length) { press("drawUndo", drawing.undo); }
        press("close", function () { drawing.set(false); leave(); });
        const again = focused && box.querySelector("." + focused);
        if (again) { again.focus(); }
    }

    /* ---- on Leaflet ---- */

    function tool(map, word) {
        const faces = [], mail = {};
        const here = {given: null, edit: null, view: "", timer: 0, shapes: ""};

        /* All that the server should know, by the event that streamlit-folium listens to. */
        function post(part) {
            Object.assign(mail, part);
            map.fire("draw:created", {layerType: "polygon", layer: {toGeoJSON: function () {
                return {...mail};
            }}});
        }

        /* -- the drawing -- */

        const style = {color: COLOUR, weight: 2.5, interactive: false};

        function handle(place, at) {
            const icon = L.divIcon({className: "draw-handle", iconSize: [18, 18]});
            const marker = L.marker(place, {icon: icon, draggable: true, keyboard: true,
                title: word("drawVertex").replace("{n}", at + 1)}).addTo(faces[0].drawn);
            marker.on("drag", function () {
                const to = marker.getLatLng();
                drawing.places[at] = [to.lat, to.lng];
                faces.forEach(function (face) { face.outline.setLatLngs(drawing.places); });
            });
            marker.on("dragend", function () { drawing.move(at, drawing.places[at]); });
            marker.getElement().addEventListener("keydown", function (event) {
                pressed(event, at);
            });
        }

        const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

        function pressed(event, at) {
            const way = WAYS[event.key];
            if (way) {
                const from = map.latLngToContainerPoint(drawing.places[at]);
                const to = map.containerPointToLatLng(from.add(L.point(way).multiplyBy(STEP_PX)));
                drawing.move(at, [to.lat, to.lng]);
                focusHandle(at);
            } else if (event.key === "Delete" || event.key === "Backspace") {
                drawing.remove(at);
                if (drawing.places.length) { focusHandle(Math.max(0, at - 1)); } else {
                    map.getContainer().focus();
                }
            } else { return; }
            event.preventDefault();
            event.stopPropagation();
        }

        function focusHandle(at) {
            const all = map.getContainer().querySelectorAll(".draw-handle");
            if (all[at]) { all[at].focus(); }
        }

        function paint() {
            faces.forEach(paintOn);
            if (drawing.on) { drawing.places.forEach(handle); }
            map.doubleClickZoom[drawing.on ? "disable" : "enable"]();
            map.getContainer().classList.toggle("is-drawing", drawing.on);
            panel();
        }

        function paintOn(face) {
            face.drawn.clearLayers();
            face.outline = drawing.places.length > 2 ? L.polygon(drawing.places, {...style,
                fillOpacity: 0.12}) : L.polyline(drawing.places, style);
            if (drawing.places.length) { face.outline.addTo(face.drawn); }
        }

        const drawing = sketch(paint);

        function finish() {
            if (!drawing.ready()) { return; }
            post({drawn: drawing.result()});
            const places = drawing.places;
            drawing.set(false);
            faces.forEach(function (face) {  // until it comes back
                L.polygon(places, {...style, fillOpacity: 0.12}).addTo(face.drawn);
            });
        }

        /* -- its panel -- */

        const box = L.DomUtil.create("div", "bluecarbon-drawn");
        const control = L.control({position: "topright"});
        control.onAdd = function () { L.DomEvent.disableClickPropagation(box); return box; };
        control.addTo(map);
        box.hidden = true;

        function panel() {
            showPanel(box, word, drawing, finish, function () { map.getContainer().focus(); });
        }

        /* -- clicks and keys; nobody else hears of clicks while it is on -- */

        function heard(event, on) {
            if (!drawing.on || event.target.closest(".leaflet-control")) { return; }
            event.stopImmediatePropagation();
            if (event.type === "dblclick") { finish(); return; }
            const onHandle = event.target.closest(".draw-handle");
            if (onHandle) {
                const all = map.getContainer().querySelectorAll(".draw-handle");
                if (onHandle === all[0] && !on.dragging.moved()) { finish(); }
                return;
            }
            if (event.detail > 1 || on.dragging.moved()) { return; }
            const at = on.mouseEventToLatLng(event);
            drawing.add([at.lat, at.lng]);
        }

        function key(event) {
            if (!drawing.on) { return; }
            if (event.key === "Escape") { drawing.set(false); return; }
            if (event.target !== map.getContainer()) { return; }
            if (event.key === "Enter") {
                const at = map.getCenter();
                drawing.add([at.lat, at.lng]);
            } else if (event.key === "Backspace") { drawing.undo(); } else { return; }
            event.preventDefault();
        }

        /* Another map of the same ground takes part until it is removed; it has no handles. */
        function join(other) {
            const face = {drawn: L.layerGroup().addTo(other), shown: L.layerGroup().addTo(other)};
            faces.push(face);
            ["click", "dblclick"].forEach(function (kind) {
                other.getContainer().addEventListener(kind, (event) => heard(event, other), true);
            });
            other.on("unload", function () { faces.splice(faces.indexOf(face), 1); });
            paintOn(face);
            if (here.given) { shapesOn(face, here.given.shapes); }
        }

        join(map);
        map.getContainer().addEventListener("keydown", key);

        /* -- the view, told only while numbers follow it -- */

        function tellView() {
            const at = map.getBounds();
            const view = [at.getWest(), at.getSouth(), at.getEast(), at.getNorth()]
                .map(function (edge) { return Number(edge.toFixed(5)); });
            if (here.given && here.given.follow && here.view !== view.join()) {
                here.view = view.join();
                post({view: view});
            }
        }

        map.on("moveend", function () {
            window.clearTimeout(here.timer);
            here.timer = window.setTimeout(tellView, VIEW_MS);
        });

        /* -- what the server gives -- */

        function showShapes(shapes) {
            const text = JSON.stringify(shapes);
            if (text === here.shapes) { return; }
            here.shapes = text;
            faces.forEach(function (face) {
                if (!drawing.on) { face.drawn.clearLayers(); }
                shapesOn(face, shapes);
            });
        }

        function shapesOn(face, shapes) {
            face.shown.clearLayers();
            shapes.forEach(function (shape) {
                L.geoJSON(shape.geometry, {interactive: false, style: {color: COLOUR,
                    weight: shape.faint ? 1.2 : 2.5, opacity: shape.faint ? 0.6 : 0.95,
                    dashArray: shape.faint ? "4 4" : null,
                    fillColor: COLOUR, fillOpacity: shape.faint ? 0 : 0.08}}).addTo(face.shown);
            });
        }

        const remember = keeper(post);

        function show(given) {
            here.given = given;
            if (!given) { return; }
            showShapes(given.shapes);
            remember(given.keep);
            if (given.edit && given.edit.token !== here.edit) {
                here.edit = given.edit.token;
                if (opens(here.edit)) { drawing.set(true, given.edit.places, given.edit.of); }
            }
            if (!given.follow) { here.view = ""; }
            window.setTimeout(tellView, 0);
            panel();
        }

        return {show: show, drawing: drawing, join: join};
    }

    window.bluecarbonDraw = {colour: COLOUR, sketch, keeper, opens, showPanel, tool};
})();

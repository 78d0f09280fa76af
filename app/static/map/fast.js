/* The fast map: MapLibre GL on the same data, with the same controls, as the plain one.

   show() is called at every change with addresses made of numbers, geometry, and words of the
   dashboard; one map lives as long as its element. Zooms of the address and of the server are
   those of tiles of 256 pixels; MapLibre counts one less. */

const CHECK_MS = 500, WIDE_PX = 760, LEGEND_PX = 250, SETTLE_MS = 2000, LOST_MS = 5000;
const SCALE_PX = 100;
const QUIET = {quiet: true};
const MAPS = new WeakMap();
const scripts = {};

/* ---- what it is made of ---- */

function script(address) {
    scripts[address] = scripts[address] || new Promise(function (done, failed) {
        const element = document.createElement("script");
        element.src = address;
        element.onload = done;
        element.onerror = failed;
        document.head.appendChild(element);
    });
    return scripts[address];
}

function styleSheet(address, parent) {
    return new Promise(function (done, failed) {
        const element = document.createElement("link");
        element.rel = "stylesheet";
        element.href = address;
        element.onload = done;
        element.onerror = failed;
        parent.appendChild(element);
    });
}

/* A tile that cannot be drawn stays empty, as on the plain map; the page says in words why. */
function failed(event) {
    if (!event.sourceId) { console.error(event.error); }
}

function parts() { return window.bluecarbonParts; }

/* ---- one map ---- */

class FastMap {
    constructor(host) {
        this.host = host;
        this.root = host.host || host;
        Object.assign(this, {words: {}, token: null, touched: false, buttons: {}});
    }

    async build(component) {
        const assets = component.data.assets;
        this.frame = parts().made("div", "fast");
        await Promise.all(assets.styles.map((address) => styleSheet(address, this.host)));
        this.host.appendChild(this.frame);
        this.drawing = parts().made("div", "fast-drawing", this.frame);
        this.paper = parts().made("canvas", "fast-paper", this.frame);
        this.controls();
        const options = this.component.data.options;
        this.map = this.create(this.drawing, true);
        await new Promise((done) => this.map.once("style.load", done));
        this.outlines = new window.bluecarbonFast.Outlines(this.map);
        this.layers = new window.bluecarbonFast.Layers(this.map, options.maxZoom);
        this.beside = new window.bluecarbonFastBeside(this);
        this.tool = window.bluecarbonMeasure.state(() => this.measured());
        this.pen = new window.bluecarbonFastDraw(this, this.right);
        this.listen();
        this.frame.bluecarbon = this;  // tests look at the map through its element
    }

    /* A map of MapLibre on the ground of ours, whose view the caller sets. */
    create(container, interactive) {
        const {options, given} = this.component.data, home = given.home;
        const ground = {"background-color": options.beyond};
        const map = new window.maplibregl.Map({
            container: container, interactive: interactive, zoomSnap: 1,
            style: {version: 8, sources: {}, layers: [{id: "beyond", type: "background", paint: ground}]},
            center: [home[1], home[0]], zoom: home[2] - 1,
            minZoom: options.minZoom - 1, maxZoom: options.maxZoom - 1, maxPitch: 0,
            transformConstrain: window.bluecarbonFast.constraint(container, options),
            renderWorldCopies: false, attributionControl: false, dragRotate: false,
            pitchWithRotate: false, touchPitch: false, fadeDuration: 0, trackResize: false,
            validateStyle: false,
        });
        map.keyboard.disableRotation();
        map.touchZoomRotate.disableRotation();
        map.on("error", failed);
        return map;
    }

    given() { return this.component.data.given; }

    word(name) { return this.words[name] || ""; }

    show() {
        const given = this.given();
        this.home = given.home;
        const go = {
            view: (lat, lng, zoom) => this.goTo(lat, lng, zoom),
            box: (box) => this.goToBox(box),
            home: () => this.goHome(),
        };
        if (parts().follow(this, given.move, go)) { this.remember(); }
        this.layers.show(given.layers);
        this.outlines.show(given.outlines, given.faint);
        this.buttons.zone.disabled = !given.outlines.length;
        this.showWords(given.words);
        this.beside.show(given.beside, given);
        this.pen.show(given.draw);
        this.credit.textContent = window.bluecarbonFast.credits(given);
        parts().keepChoice(given.keep);
    }

    /* ---- the view ---- */

    viewText() {
        const at = this.map.getCenter();
        return this.zoom() + "/" + at.lat.toFixed(5) + "/" + at.lng.toFixed(5);
    }

    zoom() { return Math.round(this.map.getZoom() + 1); }

    remember() {
        parts().remember({token: this.token, view: this.viewText(), touched: this.touched});
    }

    /* A move that is not the reader's; done again while the page still finds its size. */
    go(move) {
        this.again = {move: move, until: Date.now() + SETTLE_MS};
        move();
    }

    goTo(lat, lng, zoom) {
        this.go(() => this.map.jumpTo({center: [lng, lat], zoom: zoom - 1}, QUIET));
    }

    /* The legend lies over the right edge of a map that is wide enough for it. */
    goToBox(box) {
        this.go(() => {
            const legend = this.whole() !== this.root && this.drawing.clientWidth > WIDE_PX;
            const right = legend ? LEGEND_PX : 24;
            const to = this.map.cameraForBounds([[box[0], box[1]], [box[2], box[3]]], {
                maxZoom: 14, padding: {top: 24, left: 24, bottom: 24, right: right}});
            if (to) { this.map.jumpTo({center: to.center, zoom: to.zoom}, QUIET); }
        });
    }

    goHome() { this.goTo(this.home[0], this.home[1], this.home[2]); }

    goToOutline() {
        const box = window.bluecarbonFast.boxOf([...this.given().outlines, ...this.given().faint]);
        if (box) { this.goToBox(box); }
    }

    keepAddress() {
        if (this.touched) { parts().writeAddress(window, this.viewText()); }
    }

    moved(event) {
        if (!event.quiet) {
            this.touched = true;
            this.again = null;
        }
        this.remember();
        this.keepAddress();
        this.showScale();
        // Fingers stop between two zooms, where the drawn ground would be blurred.
        const zoom = this.map.getZoom();
        if (Math.abs(zoom - Math.round(zoom)) > 0.01) {
            this.map.easeTo({zoom: Math.round(zoom), duration: 150}, {quiet: event.quiet});
        }
    }

    /* The middle stays in the middle; nobody moved the map. */
    resized() {
        const width = this.drawing.clientWidth;
        if (!width) { return; }
        // On a wall the style sheet enlarges the map: it is drawn as fine as the screen is.
        const enlarged = Math.round(10 * this.drawing.getBoundingClientRect().width / width) / 10;
        this.map.setPixelRatio(window.devicePixelRatio * enlarged);
        this.map.resize(QUIET);
        this.beside.resized();
        if (this.again && Date.now() < this.again.until) { this.go(this.again.move); }
    }

    /* ---- controls ---- */

    controls() {
        const {made, toolbar} = parts();
        const corner = (look) => made("div", "fast-corner " + look, this.frame);
        const left = corner("top left"), right = corner("top right");
        const low = corner("bottom left");
        const zooms = made("div", "fast-bar", left);
        [["nearer", "+", 1], ["farther", "−", -1]].forEach(([name, sign, step]) => {
            const button = made("button", "zoom-" + name, zooms);
            button.type = "button";
            button.textContent = sign;
            button.addEventListener("click", () => this.map.zoomTo(this.map.getZoom() + step));
            this.buttons[name] = button;
        });
        this.bar = made("div", "fast-bar bluecarbon-tools", left);
        toolbar(this.bar, {
            home: () => { this.goHome(); this.moved({}); },
            zone: () => { this.goToOutline(); this.moved({}); },
            measure: () => { this.pen.drawing.set(false); this.tool.set(!this.tool.on); },
            draw: () => { this.tool.set(false); this.pen.drawing.set(!this.pen.drawing.on); },
            full: () => parts().toggleFull(document, this.whole()),
            link: () => this.copyLink(),
        }, this.buttons);
        this.right = right;
        this.panel = made("div", "bluecarbon-measured", right);
        this.toast = made("div", "bluecarbon-toast", right);
        this.panel.hidden = this.toast.hidden = true;
        this.toast.setAttribute("role", "status");
        this.review = made("div", "bluecarbon-review", low);
        this.place = made("div", "bluecarbon-place", low);
        this.scale = made("div", "fast-scale", low);
        this.credit = made("div", "fast-credit", corner("bottom right"));
    }

    /* The map with its legend, where it has one; else the map alone. */
    whole() { return this.root.closest(".st-key-map_and_legend") || this.root; }

    showWords(words) {
        this.words = words;
        Object.entries(this.buttons).forEach(([name, button]) => parts().label(button, this.word(name)));
        this.bar.setAttribute("aria-label", this.word("tools"));
        const canvas = this.map.getCanvas();
        canvas.setAttribute("role", "application");
        canvas.setAttribute("aria-label", this.word("map"));
        this.frame.lang = this.word("lang");
        this.review.textContent = this.word("review");
        parts().showMeasured(this.panel, words, this.tool);
        this.showPlace(this.map.getCenter());
        this.showScale();
    }

    showPlace(at) { this.place.textContent = parts().placeText(this.words, at.lat, at.lng); }

    /* The longest round length that fits, at the latitude of the middle. */
    showScale() {
        const lat = this.map.getCenter().lat * Math.PI / 180;
        const mPerPx = 40075016.686 * Math.cos(lat) / 512 / 2 ** this.map.getZoom();
        const most = SCALE_PX * mPerPx, ten = 10 ** Math.floor(Math.log10(most));
        const length = ten * [5, 3, 2, 1].find((step) => step * ten <= most);
        this.scale.textContent = length < 1000 ? length + " m" : length / 1000 + " km";
        this.scale.style.width = Math.round(length / mPerPx) + "px";
        this.buttons.nearer.disabled = this.map.getZoom() >= this.map.getMaxZoom();
        this.buttons.farther.disabled = this.map.getZoom() <= this.map.getMinZoom();
    }

    measured() {
        const tool = this.tool;
        this.map.doubleClickZoom[tool.on ? "disable" : "enable"]();
        this.drawing.classList.toggle("is-measuring", tool.on);
        this.outlines.measure(tool.places);
        this.beside.measure(tool.places);
        this.buttons.measure.setAttribute("aria-pressed", String(tool.on));
        parts().showMeasured(this.panel, this.words, tool);
    }

    copyLink() {
        this.moved({});
        parts().copy(window.location.href).then(
            () => parts().toast(this.toast, this.word("copied")),
            () => parts().toast(this.toast, this.word("notCopied")));
    }

    /* ---- what happens on it ---- */

    clicked(event) {
        if (this.pen.clicked(event)) { return; }
        if (this.tool.on) {
            if (event.originalEvent.detail < 2) { this.tool.add([event.lngLat.lat, event.lngLat.lng]); }
            return;
        }
        this.moved({});
        const {lng, lat} = event.lngLat;
        this.component.setStateValue("click", {lng: lng, lat: lat, alt: this.zoom()});
    }

    doubled(event) {
        if (!this.tool.on && !this.pen.drawing.on) { return; }
        event.preventDefault();  // else it goes nearer
        if (this.tool.on) { this.tool.finish(); }
        if (this.pen.drawing.on) { this.pen.finish(); }
    }

    /* Paper is given a copy: what a graphics card has drawn is gone before it is printed. */
    onPaper() {
        const pen = this.paper.getContext("2d"), whole = this.frame.getBoundingClientRect();
        const own = this.map.getCanvas();
        const fine = own.width / own.getBoundingClientRect().width;
        this.paper.width = Math.round(whole.width * fine);
        this.paper.height = Math.round(whole.height * fine);
        [this.map, this.beside.map].filter(Boolean).forEach((map) => {
            const canvas = map.getCanvas(), box = canvas.getBoundingClientRect();
            const share = map === this.map ? 100 : this.beside.percent();
            const width = canvas.width * share / 100, height = canvas.height;
            map.redraw();
            pen.drawImage(canvas, 0, 0, width, height, (box.left - whole.left) * fine,
                (box.top - whole.top) * fine, width, height);
        });
    }

    listen() {
        const map = this.map;
        map.on("click", (event) => this.clicked(event));
        map.on("dblclick", (event) => this.doubled(event));
        map.on("mousemove", (event) => this.showPlace(event.lngLat));
        map.on("mouseout", () => this.showPlace(map.getCenter()));
        map.on("move", () => this.showPlace(map.getCenter()));
        map.on("moveend", (event) => this.moved(event));
        map.on("webglcontextlost", () => {
            this.lost = window.setTimeout(() => this.component.setStateValue("unable", "lost"), LOST_MS);
        });
        map.on("webglcontextrestored", () => window.clearTimeout(this.lost));
        this.frame.addEventListener("keydown", (event) => {
            if (event.key !== "Escape") { return; }
            if (this.tool.on) { this.tool.set(false); }
            if (this.pen.drawing.on) { this.pen.drawing.set(false); }
        });
        this.sizes = new ResizeObserver(() => this.resized());
        this.sizes.observe(this.drawing);
        this.paperwork = () => this.onPaper();
        window.addEventListener("beforeprint", this.paperwork);
        this.timer = window.setInterval(() => this.keepAddress(), CHECK_MS);
    }

    end() {
        window.clearInterval(this.timer);
        window.clearTimeout(this.lost);
        window.removeEventListener("beforeprint", this.paperwork);
        if (this.sizes) { this.sizes.disconnect(); }
        this.beside.end();
        this.map.remove();
    }
}

/* Streamlit ends a call that another one has overtaken; the map ends with its element only. */
function ending(host, made) {
    return () => window.setTimeout(() => {
        if ((host.host || host).isConnected) { return; }
        MAPS.delete(host);
        made.end();
    });
}

export async function show(component) {
    const host = component.parentElement, assets = component.data.assets;
    await Promise.all(assets.scripts.map(script));
    let made = MAPS.get(host);
    if (!made) {
        made = new FastMap(host);
        MAPS.set(host, made);
        made.component = component;
        made.ready = made.build(component);
    }
    made.component = component;
    await made.ready;
    if (made.component === component) { made.show(); }
    return ending(host, made);
}

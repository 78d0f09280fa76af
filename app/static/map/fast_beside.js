/* Two times at once on the fast map: a second one under a divider, or at its left.

   `beside` is null, or holds the mode, the layers of the earlier time, which lie at the left, a
   label for each half, and the words of the divider. */
(function () {
    "use strict";

    const QUIET = {quiet: true}, LOOKS = {swipe: "fast-over", side: "fast-double"};

    class Beside {
        constructor(fast) { Object.assign(this, {fast, mode: null}); }

        show(beside, given) {
            const mode = beside ? beside.mode : null;
            if (this.mode !== mode) {
                this.end();
                if (mode) { this.start(mode); }
            }
            if (!beside) { return; }
            this.labels.forEach((element, at) => { element.textContent = beside.labels[at]; });
            if (this.divider) { this.divider.say(beside.words, beside.labels); }
            this.told = {beside, given};
            if (this.layers) { this.draw(); }
        }

        draw() {
            const {beside, given} = this.told, canvas = this.map.getCanvas();
            this.layers.show(beside.layers);
            this.outlines.show(given.outlines, given.faint);
            canvas.setAttribute("role", "application");
            canvas.setAttribute("aria-label", beside.words.second);
        }

        start(mode) {
            const {made, divider} = window.bluecarbonParts, fast = this.fast, frame = fast.frame;
            this.mode = mode;
            frame.classList.add(LOOKS[mode]);
            this.pane = made("div", "fast-drawing fast-second");
            fast.drawing.after(this.pane);
            fast.resized();
            const map = this.map = fast.create(this.pane, mode === "side");
            this.labels = ["left", "right"].map((side) => made("div", "bluecarbon-side " + side, frame));
            if (mode === "swipe") {
                this.divider = divider(frame, (percent) => {
                    this.pane.style.clipPath = "inset(0 " + (100 - percent) + "% 0 0)";
                });
            }
            this.follow = (event) => this.together(event, fast.map, map);
            this.lead = (event) => this.together(event, map, fast.map);
            fast.map.on("move", this.follow);
            map.on("move", this.lead);
            map.on("click", (event) => fast.clicked(event));
            map.on("dblclick", (event) => fast.doubled(event));
            map.on("mousemove", (event) => fast.showPlace(event.lngLat));
            map.once("style.load", () => {
                if (this.map !== map) { return; }
                this.outlines = new window.bluecarbonFast.Outlines(map);
                this.layers = new window.bluecarbonFast.Layers(map, fast.component.data.options.maxZoom);
                fast.pen.join(map);
                this.measure(fast.tool.places);
                this.draw();
            });
            this.together({}, fast.map, map);
        }

        /* Who moves the one moves the other, as far as the reader is concerned. */
        together(event, from, to) {
            if (this.leading) { return; }
            this.leading = true;
            to.jumpTo({center: from.getCenter(), zoom: from.getZoom()}, event.quiet ? QUIET : {});
            this.leading = false;
        }

        resized() {
            if (!this.map) { return; }
            this.map.resize(QUIET);
            this.together(QUIET, this.fast.map, this.map);
        }

        /* How much of the second map is seen. */
        percent() { return this.divider ? this.divider.percent : 100; }

        measure(places) {
            if (this.outlines) { this.outlines.measure(places); }
        }

        end() {
            if (!this.mode) { return; }
            this.fast.map.off("move", this.follow);
            this.fast.pen.leave(this.map);
            this.map.remove();
            this.pane.remove();
            this.labels.forEach((element) => element.remove());
            if (this.divider) { this.divider.bar.remove(); }
            this.fast.frame.classList.remove(LOOKS[this.mode]);
            this.map = this.layers = this.outlines = this.divider = this.mode = null;
            this.fast.resized();
        }
    }

    window.bluecarbonFastBeside = Beside;
})();

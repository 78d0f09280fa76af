/* Layers of tiles on one map or in one pane of it: swapped without a flash; strength and order
   change in place.

   A layer whose address changes stays until every tile of the new one in view is there: nobody
   sees half of one time and half of another. */
(function () {
    "use strict";

    /* Args: a map, an object that will hold what is shown (name -> {url, opacity, z, all}), and the
       name of a pane where it is not the usual one. */
    function stack(map, held, pane) {
        function placed(entry) {
            entry.all.forEach(function (tiles) {
                tiles.setOpacity(tiles.bluecarbonWaits ? 0 : entry.opacity);
                tiles.setZIndex(entry.z);
            });
        }

        function loaded(name, fresh, before) {
            fresh.bluecarbonWaits = false;
            before.forEach(function (tiles) { map.removeLayer(tiles); });
            const entry = held[name];
            if (!entry || !entry.all.includes(fresh)) { return; }
            entry.all = entry.all.filter(function (tiles) { return !before.includes(tiles); });
            placed(entry);
        }

        function showLayer(layer, options) {
            const old = held[layer.name] || {all: []};
            const entry = {url: layer.url, opacity: layer.opacity, z: layer.z, all: old.all};
            held[layer.name] = entry;
            if (old.url !== layer.url) {
                const given = {...options, ...layer.options, ...(pane ? {pane: pane} : {})};
                const fresh = L.tileLayer(layer.url, given);
                const before = old.all.slice();
                fresh.bluecarbonWaits = before.length > 0;
                fresh.once("load", function () { loaded(layer.name, fresh, before); });
                entry.all = before.concat([fresh]);
                placed(entry);
                fresh.addTo(map);
            }
            placed(entry);
        }

        return function show(layers, options) {
            const wanted = new Set(layers.map(function (layer) { return layer.name; }));
            Object.keys(held).forEach(function (name) {
                if (wanted.has(name)) { return; }
                held[name].all.forEach(function (tiles) { map.removeLayer(tiles); });
                delete held[name];
            });
            layers.forEach(function (layer) { showLayer(layer, options); });
        };
    }

    window.bluecarbonStack = stack;
})();

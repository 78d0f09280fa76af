// Whether this browser draws the fast map well; only then is the map itself fetched.
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const KEPT_S = 30 * 86400;

function drawing(strict) {
    const canvas = document.createElement("canvas");
    return canvas.getContext("webgl2", {failIfMajorPerformanceCaveat: strict});
}

// A browser keeps few drawings at once, and takes the map's where there are more.
function release(context) { context?.getExtension("WEBGL_lose_context")?.loseContext(); }

// "" for a graphics card; "slow" where the processor draws; "none" without WebGL2. A browser may
// hand out a drawing by software without calling it slow, so that its name is asked for too.
function lack(must) {
    const any = drawing(false);
    if (!any) { return "none"; }
    const more = any.getExtension("WEBGL_debug_renderer_info");
    const name = any.getParameter(more ? more.UNMASKED_RENDERER_WEBGL : any.RENDERER);
    release(any);
    if (must) { return ""; }
    const quick = SOFTWARE.test(String(name)) ? null : drawing(true);
    release(quick);
    return quick ? "" : "slow";
}

// Asked once a page: this script runs at every change of what is shown.
function lackOnce(must) {
    const known = window.bluecarbonLack || (window.bluecarbonLack = {});
    if (!(must in known)) { known[must] = lack(must); }
    return known[must];
}

export default async function (component) {
    const {must, assets} = component.data;
    const missing = lackOnce(must);
    if (!missing) {
        const fast = await import(new URL(assets.fast, window.location.origin).href);
        return fast.show(component);
    }
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = `bluecarbon_map=${missing}; path=/; samesite=lax; max-age=${KEPT_S}${secure}`;
    component.setStateValue("unable", missing);
}

// The legs of the trip: each bus with how many are aboard, and how many children are home.

import { busesOf, busOnLeg, cameOf, codesOf, legNamed, notHome, ridersOf } from "../trip.js";

export function show(root, ctx, params) {
  const { h, t } = ctx;
  root.className = "desk-page way";
  const leg = codesOf(ctx).includes(params.get("leg")) ? params.get("leg") : codesOf(ctx)[0];
  const home = h("section", { id: "home" });
  const list = h("ul", { class: "hits", id: "buses" });
  root.append(h("h1", {}, t("screen.legs")), home, tabs(ctx, leg), list);
  const draw = () => {
    const riders = ridersOf(ctx);
    home.replaceChildren(...homeOf(ctx, riders));
    const shown = busesOf(ctx).map((bus) => [bus, busOnLeg(ctx, riders, bus.id, leg)]);
    const used = shown.filter(([, one]) => one.expected.length || one.aboard.length || one.departure);
    list.replaceChildren(...used.map(([bus, one]) => rowOf(ctx, bus, leg, one)));
    if (!used.length) list.replaceChildren(h("li", {}, t("trip.no-buses")));
  };
  draw();
  const off = [ctx.on("operation", draw), ctx.on("people", draw)];
  return () => off.forEach((stop) => stop());
}

function tabs(ctx, current) {
  const { h, t } = ctx;
  const link = (code) => h("a", { href: `#legs?leg=${encodeURIComponent(code)}`, "aria-current": code === current && "page" }, legNamed(ctx, code));
  return h("nav", { class: "trip-legs", "aria-label": t("trip.legs") }, codesOf(ctx).map(link));
}

function homeOf(ctx, riders) {
  const { h, t } = ctx;
  const [came, open] = [cameOf(riders), notHome(ctx, riders)];
  if (!came.length) return [];
  const words = open.length ? t("trip.home", { home: came.length - open.length, children: came.length }) : t("trip.all-home");
  return [
    h("p", { class: `trip-home ${open.length ? "is-open" : "is-done"}`, "data-open": open.length }, words),
    open.length > 0 && ctx.snapshot.answers && h("a", { class: "btn btn-quiet wide", href: "#handover" }, t("trip.hand-over")),
  ].filter(Boolean);
}

function rowOf(ctx, bus, leg, { expected, aboard, missing, state, departure }) {
  const { h, t } = ctx;
  const about = departure ? t(state.confirmedBy ? "trip.left-at" : "trip.unconfirmed", { time: ctx.time(departure.at) }) : "";
  const names = missing.map((one) => one.name).join(", ");
  return h("li", {},
    h("a", { href: `#count?leg=${encodeURIComponent(leg)}&bus=${bus.id}`, "data-bus": bus.id },
      h("span", {}, h("b", {}, bus.name),
        h("small", {}, t("trip.aboard", { aboard: aboard.length, expected: expected.length })),
        missing.length > 0 && h("small", { class: "trip-missing" }, t("trip.missing", { names })),
        about && h("small", { class: state.confirmedBy ? "" : "trip-missing" }, about))));
}

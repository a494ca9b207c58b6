// The page: whose part is played, what stands in each pane, what a pressed button does.

import { $, $$, TONES, complain, element, hush, make, read, say, send } from "./net.js";
import { Composer } from "./compose.js";

const me = { person: document.body.dataset.me, channel: document.body.dataset.channel };
const drawn = new Map(); // slot -> the HTML it was drawn from
let unread = 0; // private messages that this seat hasn't had in front of them
const compose = new Composer(me, { spare: document.body.dataset.post, proposed, refresh, show: openPanel });
let looking = null;
let next = null;
let awaited = ""; // the post that was just proposed: its card is shown when it comes

// -- what stands in each pane ------------------------------------------------------------------------

/** Look again; while one look is under way, one more is kept for when it has come back. */
function refresh() {
  if (looking) return (next ??= looking.then(() => ((next = null), refresh())));
  looking = show().finally(() => (looking = null));
  return looking;
}

async function show() {
  const asked = { as: me.person, channel: me.channel };
  const view = await read("view", asked);
  if (asked.as !== me.person || asked.channel !== me.channel) return; // another look follows
  if (!view.lists) return say(view.sentences, "stopped");
  me.channel = view.channel;
  const face = document.activeElement?.dataset?.seat;
  $("#faces").innerHTML = view.faces;
  if (face) $(`[data-seat="${CSS.escape(face)}"]`)?.focus();
  for (const [name, items] of Object.entries(view.lists)) fill(name, items);
  places(view.places);
  compose.offer(view.targets, view.post);
  count("queue", view.queue);
  count("drafts", view.lists.drafts.length);
  count("channel", $$('[data-list="channel"] > .tone-waiting, [data-list="channel"] > .tone-care').length);
  unread = view.unread;
  countMessages();
}

function fill(name, items) {
  const list = $(`[data-list="${name}"]`);
  const scroller = list.closest(".scroll");
  const last = list.lastElementChild;
  const atEnd = scroller && (!last || last.offsetTop - scroller.scrollTop < scroller.clientHeight);
  const wanted = new Set(items.map((item) => item.slot));
  for (const old of [...list.children]) if (!wanted.has(old.dataset.slot)) old.remove();
  let before = null;
  for (const { slot, html } of items) {
    const old = $(`:scope > [data-slot="${slot}"]`, list);
    const fresh = old && isDrawn(old, slot, html) ? old : draw(old, slot, html);
    if (fresh !== (before ? before.nextElementSibling : list.firstElementChild))
      before ? before.after(fresh) : list.prepend(fresh);
    before = fresh;
  }
  $(`[data-empty="${name}"]`).hidden = items.length > 0;
  const own = name === "channel" && awaited && $(`[data-subject="${CSS.escape(awaited)}"]`, list);
  if (own) {
    awaited = "";
    scroller.scrollTop = own.offsetTop - 12;
  } else if (atEnd) toNewest(scroller);
}

/** Show the newest card: its beginning, where it is taller than the pane. */
function toNewest(scroller) {
  const newest = $(".list", scroller)?.lastElementChild;
  const edge = newest ? newest.offsetTop - 12 : 0;
  scroller.scrollTop = Math.min(edge, scroller.scrollHeight - scroller.clientHeight);
}

/** Whether the card stands there already; the first ones were drawn by the server. */
function isDrawn(card, slot, html) {
  if (!drawn.has(slot) && card.outerHTML === element(html).outerHTML) drawn.set(slot, html);
  return drawn.get(slot) === html;
}

function draw(old, slot, html) {
  if (old && busy(old)) {
    if (!$(".outdated", old)) old.append(make("p", "This has changed meanwhile. Press Back to see the newest.", { class: "outdated" }));
    return old;
  }
  drawn.set(slot, html);
  const fresh = element(html);
  if (!old) return fresh;
  $$("details", old).forEach((fold, place) => fold.open && $$("details", fresh)[place]?.setAttribute("open", ""));
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (focused) {
    fresh.tabIndex = -1;
    const { opens, intent } = focused.dataset;
    const again = opens ? `[data-opens="${opens}"]` : intent ? `[data-intent="${CSS.escape(intent)}"]` : null;
    ((again && $(again, fresh)) || fresh).focus({ preventScroll: true });
  }
  return fresh;
}

/** Somebody is filling in a form of this card: don't take it away under their hands. */
const busy = (card) => $$("form.ask:not([hidden])", card).length > 0;

function places(options) {
  const select = $("#place");
  select.replaceChildren(...options.map(([value, label]) => make("option", label, { value })));
  select.value = me.channel;
  select.hidden = options.length === 0;
}

function count(name, number) {
  for (const badge of $$(`[data-count="${name}"]`)) {
    badge.hidden = !number;
    badge.textContent = number;
  }
}

/** How many messages nobody has seen; in front of somebody, they are seen. */
function countMessages() {
  if (unread && $("#private").offsetParent && document.visibilityState === "visible") {
    unread = 0;
    send("look", { as: me.person }, { keepalive: true }); // also when the page is left just now
  }
  count("private", unread);
}

// -- whose part --------------------------------------------------------------------------------------

function play(person) {
  if (person === me.person) return;
  compose.put();
  me.person = person;
  awaited = "";
  unread = 0; // somebody else's
  $("#you").value = person;
  for (const face of $$("[data-seat]")) face.setAttribute("aria-pressed", String(face.dataset.seat === person));
  for (const name of ["drafts", "private"]) fill(name, []);
  closePanel();
  compose.take();
  remember();
  showFace();
  say([`You are playing ${$("#you").selectedOptions[0].text.split(" · ")[0]}.`]);
  refresh();
}

const showFace = () =>
  $('[data-seat][aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "center" });

function look(channel) {
  me.channel = channel;
  remember();
  refresh();
}

const remember = () =>
  history.replaceState(null, "", `?${new URLSearchParams({ as: me.person, channel: me.channel })}`);

function proposed(place, post) {
  awaited = post;
  if (place && $$("#place option").some((option) => option.value === place)) me.channel = place;
  remember();
}

// -- pressing a button -------------------------------------------------------------------------------

async function press(source, values) {
  const buttons = $$("button", source.closest("article") ?? source);
  const queued = source.closest("#panel")?.dataset.queue;
  const by = me.person;
  for (const button of buttons) button.disabled = true;
  const said = await send("do", {
    as: by,
    intent: source.dataset.intent,
    values,
    ...(source.dataset.request ? { request: source.dataset.request } : {}),
  });
  for (const button of buttons) button.disabled = false;
  if (by !== me.person) return refresh(); // said to another seat: this one doesn't read it
  if (said.outcome === "edit") return closePanel(), tab("write"), compose.open(said.draft);
  if (said.outcome === "queue") return openQueue(said.after);
  if (said.outcome === "show") return hush(), openPanel(said.html);
  say(said.sentences, TONES[said.outcome]);
  if (said.outcome === "failed") return;
  if (said.html) return openPanel(said.html), refresh();
  if (said.outcome === "declined" && source.matches("form.ask")) {
    refused(source, said); // it stays open, with what was typed
    return refresh();
  }
  close(source);
  if (queued && said.outcome === "done") await openQueue(queued);
  await refresh();
}

function open(button) {
  const form = document.getElementById(button.dataset.opens);
  form.dataset.request = crypto.randomUUID();
  form.hidden = false;
  form.scrollIntoView({ block: "nearest" });
  $("[data-buttons]", form.closest("article")).hidden = true;
  ($("input, textarea, select", form) ?? $("button", form)).focus();
}

const MISSING = { TEXTAREA: "Please say it in a few words first.", INPUT: "Please fill this in first.", SELECT: "Please choose one first." };

/** Whether everything that is needed is there; what isn't is said at its field. */
function filled(form) {
  $("[data-refused]", form)?.remove();
  const empty = $$("[required]", form).filter((field) => {
    const missing = field.type === "checkbox" ? !field.checked : !field.value.trim();
    const words = field.type === "checkbox" ? "Please tick this once you have checked it." : MISSING[field.tagName];
    complain(field, missing ? words : null);
    return missing;
  });
  empty[0]?.focus();
  if (empty.length) say(["Nothing was sent yet. Please look at what is marked."], "care");
  return !empty.length;
}

/** Say in a form why it was refused: at the field that it is about, else below its title. */
function refused(form, { field, sentences }) {
  const about = field && $(`[name="${CSS.escape(field)}"]`, form);
  const words = sentences.join(" ");
  if (!about) return $(".ask-title", form).after(make("p", words, { class: "wrong", "data-refused": "" }));
  complain(about, words);
  about.focus();
}

function close(form) {
  if (!form.matches("form.ask")) return;
  $("[data-refused]", form)?.remove();
  for (const field of $$("[aria-invalid]", form)) complain(field, null);
  const card = form.closest("article");
  form.hidden = true;
  form.reset();
  $(".outdated", card)?.remove();
  const buttons = $("[data-buttons]", card);
  if (buttons) buttons.hidden = false;
  $(`[data-opens="${form.id}"]`, card)?.focus();
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(["Copied. Paste it where you post it."], "done");
  } catch {
    getSelection().selectAllChildren($("blockquote", button.parentElement));
    say(["Your browser won't let me copy. The text is selected: press Ctrl and C."], "care");
  }
}

// -- the panel: answers and the queue ----------------------------------------------------------------

let opener = null;
let ending = 0;

function openPanel(html, title = "Only you see this", queue = "", asks = false) {
  const panel = $("#panel");
  clearTimeout(ending);
  ending = 0;
  if (panel.hidden) opener = document.activeElement;
  panel.dataset.queue = queue; // the post that is being decided, when this is the queue
  $("[data-panel]").innerHTML = html;
  $("[data-panel]").scrollTop = 0;
  $("#panel-title").textContent = title;
  panel.hidden = false;
  $("#panel-title").focus();
  const form = asks && $("[data-opens]", panel);
  if (!form) return;
  open(form);
  $("[data-panel]").scrollTop = 0; // what to do first stands above the form
}

// What may be read until a moment is gone from the page then, also when nobody closed it.
function endPanel(seconds, sentences) {
  ending = setTimeout(() => {
    closePanel();
    say(sentences, "care");
  }, seconds * 1000);
}

function closePanel() {
  if ($("#panel").hidden) return;
  $("#panel").hidden = true;
  if (ending) $("[data-panel]").innerHTML = "";
  clearTimeout(ending);
  ending = 0;
  (opener?.isConnected ? opener : $("#queue")).focus();
}

async function openQueue(after = "") {
  const by = me.person;
  const queue = await read("queue", { as: by, after });
  if (by !== me.person) return;
  if (!queue.html) return say(queue.sentences, "stopped");
  openPanel(queue.html, queue.title, queue.left ? queue.post : "");
  if (!queue.left) $("[data-panel]").append(make("button", "Write a post", { type: "button", class: "button primary", "data-compose": "" }));
}

async function command(line) {
  const by = me.person;
  hush();
  const said = await send("command", { as: by, line });
  if (by !== me.person) return;
  if (said.outcome === "queue") await openQueue();
  else if (said.outcome === "show") {
    openPanel(said.html, undefined, "", said.open);
    if (said.lasts !== undefined) endPanel(said.lasts, said.sentences);
  } else if (said.outcome === "compose") {
    tab("write");
    if (compose.keeps()) return; // what was typed stays in its box as well
    compose.start(said.words);
  } else {
    say(said.sentences, TONES[said.outcome]);
    if (said.outcome !== "done") return; // what had no effect stays, to be corrected
  }
  $("#line").value = "";
}

// -- tabs on a phone ---------------------------------------------------------------------------------

function tab(name) {
  document.body.dataset.tab = name;
  for (const button of $$('[role="tab"]')) {
    const chosen = button.dataset.tab === name;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  const scroller = $(".scroll", $(`#${name}`));
  if (scroller) toNewest(scroller);
  countMessages();
}

// -- live --------------------------------------------------------------------------------------------

function listen() {
  const stream = new EventSource("stream");
  let soon = 0;
  let lost = false;
  stream.addEventListener("changed", (event) => {
    const news = JSON.parse(event.data);
    clearTimeout(soon);
    soon = setTimeout(refresh, 60);
    if (news.title && [me.channel, `person:${me.person}`].includes(news.conversation))
      $("#news").textContent = `${news.title}: ${news.state}`;
  });
  stream.addEventListener("open", () => {
    if (lost) say(["Connected again."], "done");
    lost = false;
    refresh();
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) return say(["Schoolgate was started again. Please reload this page."], "care");
    if (!lost) say(["Not connected. Your words stay here; I keep trying."], "care");
    lost = true;
  });
  addEventListener("pagehide", () => (compose.put(), stream.close()));
}

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  let hit;
  if ((hit = at("[data-seat]"))) play(hit.dataset.seat);
  else if ((hit = at('[role="tab"]'))) tab(hit.dataset.tab);
  else if ((hit = at("button[data-intent]"))) press(hit, {});
  else if ((hit = at("[data-opens]"))) open(hit);
  else if ((hit = at("[data-closes]"))) close(hit.closest("form")), refresh();
  else if ((hit = at("[data-copy]"))) copy(hit);
  else if (at("[data-close-panel]")) closePanel();
  else if (at("#queue")) hush(), openQueue();
  else if (at("#report")) command("/report");
  else if (at("[data-compose]")) closePanel(), tab("write"), $("#text").focus();
  else if (!at("#panel, .dock")) closePanel();
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.id === "command") command($("#line").value);
  else if (form.matches("form.ask")) {
    if (!filled(form)) return;
    const values = {};
    for (const [name, value] of new FormData(form)) values[name] = name in values ? [values[name], value].flat() : value;
    press(form, values);
  }
});
document.addEventListener("input", (event) => {
  if (event.target.matches("form.ask [aria-invalid]")) complain(event.target, null);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
  if (event.target.matches?.('[role="tab"]') && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
    const tabs = $$('[role="tab"]');
    const next = tabs[(tabs.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    tab(next.dataset.tab);
    next.focus();
  }
});
document.addEventListener("visibilitychange", countMessages);
$("#you").addEventListener("change", (event) => play(event.target.value));
$("#place").addEventListener("change", (event) => look(event.target.value));

compose.offer(JSON.parse(document.body.dataset.targets));
compose.take();
$$("main .scroll").forEach(toNewest);
remember();
showFace();
// What was said may take several lines: the panel ends above them.
new ResizeObserver(([{ target }]) => document.body.style.setProperty("--dock", `${target.offsetHeight}px`)).observe($(".dock"));
listen();

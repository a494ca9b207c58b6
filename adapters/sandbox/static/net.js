// Asking the server. Whatever happens, the answer is an object with `outcome` and `sentences`.

const LOST = "Not saved yet. Your words are still here: please press again.";

async function answer(request) {
  try {
    const response = await request;
    const said = await response.json();
    return { ...said, ok: response.ok, outcome: said.outcome ?? (response.ok ? "done" : "declined") };
  } catch {
    return { ok: false, outcome: "failed", sentences: [LOST] };
  }
}

export const read = (path, query) => answer(fetch(`${path}?${new URLSearchParams(query)}`));

export const send = (path, body, more = {}) =>
  answer(fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...more }));

export const upload = (file, me) =>
  answer(fetch(`upload?${new URLSearchParams({ as: me, name: file.name })}`, { method: "POST", body: file }));

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** The one element in server-drawn HTML, whose text the server escaped. */
export function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

/** A new element with text and attributes. */
export function make(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Say what happened. `tone` gives the icon and the colour; the words say it all. */
export function say(sentences, tone = "") {
  const icon = `<svg class="icon" aria-hidden="true"><use href="#i-${tone}"/></svg>`;
  const words = make("span", (sentences?.length ? sentences : ["Done."]).join(" "));
  $("#status").className = tone ? `status tone-${tone}` : "status";
  $("#status").replaceChildren(...(tone ? [element(icon)] : []), words);
}

/** Nothing happened just now: what was said before is about something else. */
export function hush() {
  $("#status").className = "status";
  $("#status").replaceChildren();
}

/** Say at a field what is missing; `null` takes it back. */
export function complain(field, sentence) {
  const holder = field.closest(".field, .tick, fieldset") ?? field.parentElement;
  const id = `${field.id}-wrong`;
  document.getElementById(id)?.remove();
  const told = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== id);
  if (sentence) {
    holder.append(make("p", sentence, { class: "wrong", id }));
    told.push(id);
    field.setAttribute("aria-invalid", "true");
  } else field.removeAttribute("aria-invalid");
  if (told.length) field.setAttribute("aria-describedby", told.join(" "));
  else field.removeAttribute("aria-describedby");
}

export const TONES = { done: "done", again: "care", declined: "care", failed: "stopped", stopped: "stopped" };

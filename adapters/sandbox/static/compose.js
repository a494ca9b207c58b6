// The form in which a post is written: pictures, pupils, the preview and what the checks say.

import { $, $$, TONES, complain, make, read, say, send, upload } from "./net.js";

const ACTIONS = {
  facebook: "Like · Comment · Share",
  instagram: "♡  Comment  Share",
  x: "Reply · Repost · Like",
  linkedin: "Like · Comment · Repost · Send",
  youtube: "Like · Dislike · Comment",
};
const LIVELY = /(#[\p{L}\p{N}_]+|https?:\/\/\S+|www\.\S+|(?<![\p{L}\p{N}])@\w+)/u;
const PAUSE = 450; // milliseconds of not typing before the checks look
const LARGEST = 200 * 1024 * 1024; // bytes of a video

/** A picture, or a video to be played. */
function shown({ url, alt, moves }, unsaid = "Not described yet") {
  if (!moves) return make("img", "", { src: url, alt: alt || unsaid });
  return make("video", "", { src: url, controls: "", playsinline: "", preload: "metadata", "aria-label": "Video" });
}

const KEPT = "The form holds words that aren't proposed yet. They stay. Propose or clear them first.";
const THE_SAME = "Your newer words stand here. Propose them: they correct the post that was saved.";

export class Composer {
  constructor(me, { spare, proposed, refresh, show }) {
    Object.assign(this, { me, spare, proposed, refresh, show });
    Object.assign(this, { targets: [], looks: 0, uploads: new Set() });
    this.blank();
    $("#compose").addEventListener("submit", (event) => (event.preventDefault(), this.propose()));
    $("#compose").addEventListener("input", (event) => this.changed(event.target));
    $("#account").addEventListener("change", () => ((this.wanted = null), this.classes()));
    $("#pictures").addEventListener("change", (event) => this.add([...event.target.files]));
    $("#who").addEventListener("change", (event) => this.choose(event.target.value));
    $("#find").addEventListener("input", () => this.search());
    $("#find-staff").addEventListener("input", () => this.searchStaff());
    $("#take-these").addEventListener("click", () => this.takeOut([...this.without]));
    $("#take-all").addEventListener("click", () => this.takeOut([...this.pupils.keys()]));
    $("#examples")?.addEventListener("click", (event) => this.example(event.target.dataset.example));
    $("[data-new]").addEventListener("click", () => this.start(""));
  }

  blank() {
    this.post = this.spare;
    this.seen = 0;
    this.pressed = false; // whether it was sent: it may be saved although nobody could say so
    this.pictures = [];
    this.pupils = new Map();
    this.staff = new Map(); // colleagues, beside whatever is said of pupils
    this.groups = []; // the classes that were chosen: a name, and who is of it
    this.without = new Set(); // pupils who may not be shown there
    this.judged = { text: null, marks: [] };
    this.saved = ""; // what the server holds of this post, as `held` says it
  }

  // -- the form as data ----------------------------------------------------------------------------

  get accounts() {
    const also = $$("#also-list input:checked").map((box) => box.value);
    return [$("#account").value, ...also].filter(Boolean);
  }

  get data() {
    return {
      post: this.post,
      seen: this.seen,
      accounts: this.accounts,
      text: $("#text").value,
      pictures: this.pictures.map(({ blob, alt, name }) => ({ blob, alt, name })),
      who: $("#who").value || "not_said",
      pupils: [...this.pupils.keys()],
      staff: [...this.staff.keys()],
      goes_out: $("#goes-out").value,
    };
  }

  get held() {
    return JSON.stringify([$("#text").value, this.pictures.map(({ blob, alt }) => [blob, alt])]);
  }

  /** Whether words or pictures stand here that stand nowhere else; if so, it is said that they stay. */
  keeps() {
    if ((!$("#text").value.trim() && !this.pictures.length) || this.held === this.saved) return false;
    say([KEPT], "care");
    $("#text").focus();
    return true;
  }

  /** Put a version into the form. `draft` is what the server or this page's memory holds. */
  load(draft) {
    this.post = draft.post;
    this.seen = draft.seen;
    this.pressed = draft.pressed ?? false;
    this.pictures = draft.pictures;
    this.pupils = new Map(draft.pupils);
    this.staff = new Map(draft.staff ?? []);
    this.groups = draft.groups ?? [];
    this.without = new Set();
    complain($("#who"), null);
    this.judged = { text: null, marks: [] };
    $("#text").value = draft.text;
    $("#goes-out").value = draft.goes_out;
    const [first, ...also] = draft.accounts;
    const here = this.targets.some((target) => target.account === first);
    if (here) $("#account").value = first;
    this.wanted = here ? null : draft.accounts; // another seat's list still stands: chosen when this seat's comes
    this.saved = draft.saved ?? (draft.seen ? this.held : "");
    this.others(also);
    this.classes(draft.who);
    this.thumbs();
    this.chips();
    this.staffChips();
    this.findings("");
    this.draw();
    this.judge();
    if (draft.seen) $("#text").focus();
  }

  /** Open a version, unless other words stand here: those of the same post become its correction. */
  open(draft) {
    const same = draft.post === this.post && !this.seen && this.pressed;
    if (!same) return this.keeps() || this.load(draft);
    this.seen = draft.seen;
    this.draw();
    say([THE_SAME], "care");
    $("#text").focus();
  }

  start(words, focus = true) {
    this.blank();
    const accounts = this.accounts.slice(0, 1);
    this.load({ post: this.post, seen: 0, accounts, text: words, pictures: [], who: "not_said", pupils: [], goes_out: "" });
    $("#write").scrollTop = 0;
    if (focus) $("#text").focus();
  }

  /** Words to try, unless somebody's own stand here; another example gives way. */
  example(words) {
    const tried = $$("[data-example]").some((button) => button.dataset.example === $("#text").value);
    if (!words || (!tried && this.keeps())) return;
    $("#examples").open = false; // what the checks say is in view then
    this.start(words);
  }

  // Each seat keeps its unfinished words, also over a reload of the page.
  put() {
    const kept = { ...this.data, pictures: this.pictures, pupils: [...this.pupils], staff: [...this.staff], groups: this.groups, saved: this.saved, pressed: this.pressed };
    sessionStorage.setItem(`draft:${this.me.person}`, JSON.stringify(kept));
  }

  take() {
    const kept = sessionStorage.getItem(`draft:${this.me.person}`);
    this.blank();
    const accounts = [this.targets[0]?.account ?? ""];
    const empty = { post: this.post, seen: 0, accounts, text: "", pictures: [], who: "not_said", pupils: [], goes_out: "" };
    const focused = document.activeElement;
    const form = kept ? JSON.parse(kept) : empty;
    this.load(form.seen || form.pressed ? form : { ...form, post: this.post });
    $("#write").scrollTop = 0;
    focused?.focus({ preventScroll: true });
  }

  /** The accounts that this seat may propose for, and the id of its next new post. */
  offer(targets, spare = this.spare) {
    this.spare = spare; // for the next form: the id of this one stays, so that a second try is the same post
    this.post ||= spare;
    if (JSON.stringify(targets) === JSON.stringify(this.targets)) return;
    const chosen = this.wanted ?? this.accounts;
    this.wanted = null;
    this.targets = targets;
    $("#account").replaceChildren(...targets.map((target) => make("option", target.label, { value: target.account })));
    if (targets.some((target) => target.account === chosen[0])) $("#account").value = chosen[0];
    this.others(chosen.slice(1));
    $("[data-no-targets]").hidden = targets.length > 0;
    $("[data-has-targets]").hidden = targets.length === 0;
    this.classes($("#who").value);
    this.draw();
  }

  others(chosen) {
    const rest = this.targets.filter((target) => target.account !== $("#account").value);
    $("#also-list").replaceChildren(
      ...rest.map((target) => {
        const box = make("input", "", { type: "checkbox", value: target.account });
        box.checked = chosen.includes(target.account);
        const label = make("label", "", { class: "tick" });
        label.append(box, make("span", target.label));
        return label;
      }),
    );
    $("#also").hidden = rest.length === 0;
    $("#also-count").textContent = chosen.length ? `(${chosen.length})` : "";
  }

  changed(target) {
    if (target.id === "find" || target.id === "find-staff") return;
    if (target.id === "account") this.others(this.accounts.slice(1));
    $("#also-count").textContent = this.accounts.length > 1 ? `(${this.accounts.length - 1})` : "";
    this.draw();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.judge(), PAUSE);
  }

  // -- proposing -----------------------------------------------------------------------------------

  async propose() {
    if (!this.saidWho()) return;
    const button = $("#compose button.primary");
    button.disabled = true;
    await Promise.all(this.uploads);
    if (!this.post) await this.refresh();
    clearTimeout(this.pause);
    const [person, form, held] = [this.me.person, this.data, this.held];
    const place = this.targets.find((target) => target.account === $("#account").value)?.place;
    this.looks++;
    this.pressed = true;
    this.spare = ""; // nobody else's form may have the same id
    const said = await send("propose", { as: person, ...form });
    button.disabled = false;
    if (person !== this.me.person) return;
    if (said.outcome === "done" || said.outcome === "again") {
      this.spare = said.post;
      this.start("", false);
      button.focus({ preventScroll: true });
      this.proposed(place, form.post);
    } else if (said.outcome === "stopped") {
      [this.post, this.seen, this.saved] = [form.post, said.seen, held];
      this.judged = { text: form.text, marks: said.marks };
      this.findings(said.findings, said.without);
      this.draw();
      $("#judged").focus({ preventScroll: true });
      for (const part of ["#judged", "#preview"]) $(part).scrollIntoView({ block: "nearest" });
    }
    say(said.sentences, TONES[said.outcome]);
    if (said.html) this.show(said.html); // what has to be answered first; the words stay
    await this.refresh();
  }

  /** Ask what the checks would say, once the typing rests. */
  async judge() {
    const look = ++this.looks;
    const form = this.data;
    if (!form.text.trim() && !form.pictures.length) return this.findings(""), this.draw();
    const said = await send("preview", { as: this.me.person, ...form });
    if (look !== this.looks || !said.marks) return;
    this.judged = { text: form.text, marks: said.marks };
    this.findings(said.findings, said.without);
    this.draw();
  }

  findings(html, without = []) {
    $("#judged").innerHTML = html;
    $("#judged").hidden = !html;
    this.without = new Set(without);
    this.chips();
  }

  /** Who is in a picture is asked before anything is sent. */
  saidWho() {
    const who = $("#who").value;
    let missing = null;
    if (this.pictures.length && (!who || who === "not_said")) missing = "Please say who is in it: choose one of these.";
    else if (this.pictures.length && who === "these" && !this.pupils.size) missing = "Please name at least one pupil, or choose another answer.";
    complain($("#who"), missing);
    if (!missing) return true;
    say(["Not sent yet. Please say who is in the picture."], "care");
    $("#who").focus();
    return false;
  }

  // -- the preview ---------------------------------------------------------------------------------

  draw() {
    const text = $("#text").value;
    const chosen = this.targets.filter((target) => this.accounts.includes(target.account));
    const target = chosen[0] ?? { page: "", platform: "", network: "", limit: Infinity };
    const left = Math.min(...chosen.map((item) => item.limit), Infinity) - [...text].length;
    const number = `${Math.abs(left).toLocaleString("en-GB")} character${Math.abs(left) === 1 ? "" : "s"}`;
    $("#left").textContent = left === Infinity ? "" : `${number} ${left < 0 ? "too many" : "left"}`;
    $("#left").classList.toggle("over", left < 0);
    $("#compose-title").textContent = this.seen ? "Correct a post" : "Write a post";
    $("[data-new]").hidden = !this.seen;
    $("#whose").hidden = !this.pictures.length;
    const many = this.pictures.length;
    const kind = this.pictures.some((picture) => picture.moves) ? "file" : "picture";
    $("#pictures-chosen").textContent = many ? `${many} ${kind}${many === 1 ? "" : "s"} chosen. You can add more.` : "Or a video: MP4 or MOV, up to 200 MB";

    const head = make("div", "", { class: "preview-head" });
    const names = make("div");
    names.append(make("b", target.page), make("span", `${target.network} · just now`));
    head.append(make("span", target.page.slice(0, 1), { class: "initials", "aria-hidden": "true" }), names);
    const words = make("p", "", { class: "preview-text", dir: "auto" });
    paint(words, text, this.judged.text === text ? this.judged.marks : []);
    if (!text) words.append(make("span", "Your words will stand here.", { class: "hint" }));
    const row = make("div", "", { class: "preview-pictures", "data-many": Math.min(this.pictures.length, 4) });
    row.append(...this.pictures.map((picture) => shown(picture)));
    const actions = make("p", ACTIONS[target.platform] ?? "", { class: "preview-actions", "aria-hidden": "true" });
    $("#preview").dataset.network = target.platform;
    $("#preview").replaceChildren(head, words, row, actions);
  }

  // -- pictures ------------------------------------------------------------------------------------

  async add(files) {
    $("#pictures").value = "";
    const person = this.me.person;
    for (const file of files) {
      if (file.size > LARGEST) {
        say([`${file.name} is larger than 200 MB. Please choose a shorter one.`], "care");
        continue;
      }
      say([`Looking at ${file.name}.`]);
      const job = upload(file, person).then((kept) => {
        if (person !== this.me.person) return;
        if (kept.outcome !== "done") return say(kept.sentences, "care");
        this.pictures.push({ blob: kept.blob, name: kept.name, url: kept.url, alt: "", note: kept.note, moves: kept.moves });
        const next = kept.moves ? "Please write what is said in it." : kept.note ? "" : `${file.name} is in. Please describe it.`;
        say([kept.note, next].filter(Boolean), "done");
        this.thumbs();
        this.changed($("#pictures"));
      });
      this.uploads.add(job);
      await job;
      this.uploads.delete(job);
    }
  }

  thumbs() {
    $("#thumbs").replaceChildren(
      ...this.pictures.map((picture, place) => {
        const item = $("#thumb").content.firstElementChild.cloneNode(true);
        const [image, label, box, remove] = ["img", "label", "textarea", "button"].map((tag) => $(tag, item));
        image.replaceWith(shown(picture, ""));
        label.htmlFor = box.id = `describe-${place + 1}`;
        label.textContent = picture.moves ? `What is said in video ${place + 1}` : `Describe picture ${place + 1}`;
        if (picture.moves) box.placeholder = "Word for word, or: nobody speaks";
        box.value = picture.alt;
        $("p", item).textContent = picture.note ?? "";
        box.addEventListener("input", () => (picture.alt = box.value));
        remove.setAttribute("aria-label", `Remove ${picture.moves ? "video" : "picture"} ${place + 1}`);
        remove.addEventListener("click", () => {
          this.pictures.splice(place, 1);
          this.thumbs();
          this.changed(remove);
          $("#pictures").focus();
        });
        return item;
      }),
    );
  }

  // -- pupils --------------------------------------------------------------------------------------

  async classes(who = $("#who").value) {
    const look = (this.lists = (this.lists ?? 0) + 1);
    const said = await read("classes", { as: this.me.person, accounts: this.accounts.join() });
    if (look !== this.lists) return;
    const plain = [["not_said", "Please choose"], ["nobody", "No pupils"], ["not_recognisable", "No pupil can be recognised"], ["these", "The pupils named below"]];
    const group = make("optgroup", "", { label: "A class, all but …" });
    group.append(...(said.classes ?? []).map(([key, label]) => make("option", label, { value: `form:${key}` })));
    $("#who").replaceChildren(...plain.map(([value, label]) => make("option", label, { value })), group);
    $("#who").value = who || "not_said";
  }

  async choose(value) {
    complain($("#who"), null);
    const name = $("#who").selectedOptions[0]?.text.split(",")[0] ?? "";
    if (!value.startsWith("form:")) {
      if (value !== "these") this.pupils.clear();
      return this.chips();
    }
    $("#who").value = "these";
    const said = await read("pupils", { as: this.me.person, accounts: this.accounts.join(), form: value.slice(5) });
    for (const [key, label] of said.pupils ?? []) this.pupils.set(key, label);
    const of = (said.pupils ?? []).map(([key]) => key);
    if (of.length) this.groups = [...this.groups.filter((group) => group.name !== name), { name, of }];
    say(said.sentences?.length ? said.sentences : [`${name} is in. Take out anybody who isn't in the picture.`], said.sentences?.length ? "care" : "done");
    this.chips();
    this.changed($("#who"));
  }

  async search() {
    const words = $("#find").value.trim();
    const look = (this.hunts = (this.hunts ?? 0) + 1);
    if ([...words].length < 3) return this.found([], words ? "Three letters or more, please." : "");
    const said = await read("pupils", { as: this.me.person, accounts: this.accounts.join(), words });
    if (look !== this.hunts) return;
    const pupils = (said.pupils ?? []).filter(([key]) => !this.pupils.has(key));
    this.found(pupils, said.sentences?.join(" ") || (pupils.length ? "" : "Nobody else by that name."));
  }

  found(pupils, note) {
    $("#found-count").textContent = note;
    $("#found").replaceChildren(
      ...pupils.map(([key, label]) => {
        const add = make("button", label, { type: "button", class: "button" });
        add.addEventListener("click", () => {
          this.pupils.set(key, label);
          $("#who").value = "these";
          $("#find").value = "";
          this.found([], `${label} is in.`);
          this.chips();
          this.changed($("#who"));
          $("#find").focus();
        });
        const item = make("li");
        item.append(add);
        return item;
      }),
    );
  }

  // -- colleagues ----------------------------------------------------------------------------------

  async searchStaff() {
    const words = $("#find-staff").value.trim();
    const look = (this.staffHunts = (this.staffHunts ?? 0) + 1);
    const said = words ? await read("colleagues", { as: this.me.person, accounts: this.accounts.join(), words }) : {};
    if (look !== this.staffHunts) return;
    const staff = (said.staff ?? []).filter(([key]) => !this.staff.has(key));
    this.foundStaff(staff, !words || staff.length ? "" : "Nobody else by that name.");
  }

  foundStaff(staff, note) {
    $("#found-staff-count").textContent = note;
    $("#found-staff").replaceChildren(
      ...staff.map(([key, label]) => {
        const add = make("button", label, { type: "button", class: "button" });
        add.addEventListener("click", () => {
          this.staff.set(key, label);
          $("#find-staff").value = "";
          this.foundStaff([], `${label} is in.`);
          this.staffChips();
          this.changed($("#who"));
          $("#find-staff").focus();
        });
        const item = make("li");
        item.append(add);
        return item;
      }),
    );
  }

  staffChips() {
    $("#staff-chips").replaceChildren(
      ...[...this.staff].map(([key, label]) => {
        const remove = make("button", label, { type: "button", class: "chip", "aria-label": `Remove ${label}` });
        remove.addEventListener("click", () => {
          this.staff.delete(key);
          this.staffChips();
          this.changed($("#who"));
          $("#find-staff").focus();
        });
        const item = make("li");
        item.append(remove);
        return item;
      }),
    );
  }

  takeOut(keys) {
    for (const key of keys) this.pupils.delete(key);
    this.without.clear();
    this.chips();
    this.changed($("#who"));
    say([this.pupils.size ? "They are out." : "Nobody is named any more. Please choose again who is in it."], "done");
    (this.pupils.size ? $("#find") : $("#who")).focus();
  }

  chips() {
    const children = (number) => `${number} ${number === 1 ? "child" : "children"}`;
    const left = this.groups.map(({ name, of }) => [name, of.filter((key) => this.pupils.has(key)).length]).filter(([, number]) => number);
    this.groups = this.groups.filter(({ name }) => left.some(([known]) => known === name));
    const title = left.map(([name, number]) => `${name}: ${children(number)}`).join(" · ");
    const without = [...this.without].filter((key) => this.pupils.has(key));
    $("#chips-head").hidden = !this.pupils.size;
    $("#chips-title").textContent = title || children(this.pupils.size);
    $("#take-these").hidden = !without.length;
    $("#take-these").textContent = without.length === 1 ? "Take this one out" : `Take these ${without.length} out`;
    $("#chips").replaceChildren(
      ...[...this.pupils].map(([key, label]) => {
        const item = make("li");
        const marked = without.includes(key);
        const said = marked ? `${label} · no permission` : label;
        const remove = make("button", said, { type: "button", class: marked ? "chip care" : "chip", "aria-label": `Remove ${said}` });
        remove.addEventListener("click", () => {
          const next = item.nextElementSibling ?? item.previousElementSibling;
          const place = [...$("#chips").children].indexOf(next) - (next === item.nextElementSibling ? 1 : 0);
          this.pupils.delete(key);
          this.chips();
          ($$("#chips button")[place] ?? $("#find")).focus();
          this.changed($("#who"));
        });
        item.append(remove);
        return item;
      }),
    );
  }
}

/** Write `text` with its marks; they count code points, as Python does. */
function paint(holder, text, marks) {
  const points = [...text];
  const tones = points.map(() => "");
  for (const [start, end, tone] of marks) tones.fill(tone, start, end);
  for (let start = 0, end; start < points.length; start = end) {
    for (end = start + 1; end < points.length && tones[end] === tones[start]; ) end++;
    const piece = points.slice(start, end).join("");
    if (tones[start]) holder.append(make("mark", piece, { class: `tone-${tones[start]}` }));
    else for (const [place, part] of piece.split(LIVELY).entries()) holder.append(place % 2 ? make("span", part, { class: "lively" }) : part);
  }
}

// What is seen and heard: screens, words, progress. Knows nothing of cameras, faces and sessions.

const find = (selector) => document.querySelector(selector);

export class View {
  constructor(words) {
    this.main = find("#capture");
    this.words = words;
    this.said = {};
  }

  /** Put every word of the page in its place, in the language of `words`. */
  fill(words = this.words) {
    this.words = words;
    document.documentElement.lang = words.tag;
    document.title = words.say("title");
    for (const place of document.querySelectorAll("[data-word]")) place.textContent = words.say(place.dataset.word);
    for (const [id, [name, values]] of Object.entries(this.said)) find(`#${id}`).textContent = words.say(name, values);
  }

  /** A word in one place, said again when the language changes; the same word twice is not announced twice. */
  say(id, name, values = {}) {
    const before = this.said[id];
    if (before && before[0] === name && JSON.stringify(before[1]) === JSON.stringify(values)) return;
    this.said[id] = [name, values];
    find(`#${id}`).textContent = name ? this.words.say(name, values) : "";
    if (name && (id === "instruction" || name.startsWith("hint_"))) this.speak(name);
  }

  /** For screen readers: a region that is always there, since one that was hidden is not listened to at once. */
  speak(name) {
    find("#spoken").textContent = this.words.say(name);
  }

  /** Show a screen and tell where the flow stands: the attribute data-step, which tests and embedders wait on. */
  step(name, screen = name) {
    this.main.dataset.step = name;
    this.mark("hint", null);
    const isNew = [];
    for (const section of this.main.querySelectorAll("[data-screen]")) {
      const hides = section.dataset.screen !== screen;
      if (!hides && section.hidden) isNew.push(section);
      section.hidden = hides;
    }
    isNew[0]?.querySelector("h1")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  /** A fact for tests and style sheets: data-name on <main>; null takes it away. */
  mark(name, value) {
    if (value === null || value === undefined) delete this.main.dataset[name];
    else if (this.main.dataset[name] !== String(value)) this.main.dataset[name] = value;
  }

  /** The ring around the face, 0 to 1. */
  progress(share) {
    find("#bar").style.strokeDasharray = `${Math.round(share * 100)} 100`;
  }

  /** The picture of an action over the preview, or of "done"; null for none. */
  cue(action) {
    find("#cue").classList.toggle("shown", Boolean(action));
    find("#cue").classList.toggle("done", action === "done");
    if (action) find("#cue-use").setAttribute("href", `#cue-${action}`);
  }

  /** One colour over the whole screen; null takes it away. */
  light(colour) {
    const light = find("#light");
    const isNew = light.hidden && colour;
    light.hidden = !colour;
    if (colour) light.dataset.colour = colour;
    if (isNew) find("#lights-stop").focus();
  }

  /** Interrupt: for what cannot wait. */
  alert(name) {
    this.say("alerts", name);
  }

  /** The last screen; `again` is the word of its button, null for none. */
  end(step, sign, title, text, again, closes) {
    find("#end-use").setAttribute("href", `#sign-${sign}`);
    find("#end-sign").dataset.sign = sign;
    this.say("end-title", title);
    this.say("end-text", text);
    find("#again").hidden = !again;
    this.say("again", again);
    find("#close").hidden = !closes;
    this.step(step, "end");
  }

  /** Resolve with the id of the first of these buttons that is pressed. */
  pressed(...ids) {
    return new Promise((resolve) => {
      const listening = new AbortController();
      for (const id of ids) {
        const heard = () => {
          listening.abort();
          resolve(id);
        };
        find(`#${id}`).addEventListener("click", heard, { signal: listening.signal });
      }
    });
  }
}

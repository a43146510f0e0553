// The words of the page: which language, and each word by its name.

export const LANGUAGES = { en: "English", th: "ไทย", zh: "简体中文", ja: "日本語", id: "Bahasa Indonesia" };

/** A language of ours for a tag such as "zh-Hans-CN"; null for one that we do not speak. */
export function ours(tag) {
  const name = String(tag ?? "").toLowerCase().split(/[-_]/)[0];
  if (name === "in") return "id"; // What Java and old Android call Indonesian.
  return Object.hasOwn(LANGUAGES, name) ? name : null;
}

/** The first language that fits: asked for in the address, kept from the menu, or liked by the browser. */
export function chosen(asked, kept, liked) {
  for (const tag of [asked, kept, ...liked]) if (ours(tag)) return ours(tag);
  return "en";
}

export class Words {
  constructor(language, words) {
    this.language = language;
    this.words = words;
  }

  static async load(language) {
    const answer = await fetch(new URL(`./words/${language}.json`, import.meta.url));
    return new Words(language, await answer.json());
  }

  /** A word, with its places {name} filled in. */
  say(name, values = {}) {
    return (this.words[name] ?? name).replace(/\{(\w+)\}/g, (_, place) => values[place] ?? "");
  }

  /** Whether there is such a word. */
  has(name) {
    return Object.hasOwn(this.words, name);
  }

  /** The tag for the lang attribute. */
  get tag() {
    return this.language === "zh" ? "zh-Hans" : this.language;
  }
}

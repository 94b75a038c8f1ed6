// Finding somebody of ten thousand by what a helper hears: every word begins a word of the name or the personnel number.
// The list is folded in slices while nothing else happens; until then names are found as they are typed.

import { fold, ticketCode } from "./fold.js";

const SLICE = 500;
export const MOST = 50;
const INITIALS = /^\p{Lu}{2,3}$/u;
const later = globalThis.requestIdleCallback?.bind(globalThis) ?? ((work) => setTimeout(work, 0));
const indexes = new WeakMap(); // people -> Index; a new snapshot brings new people

// The index of everybody on this phone; made once for each snapshot.
export function indexOf(ctx) {
  if (!indexes.has(ctx.people)) indexes.set(ctx.people, new Index(ctx.people.values()));
  return indexes.get(ctx.people);
}

export class Index {
  #people = [];
  #texts = []; // " folded words" of each; undefined until its turn
  #done = 0;
  #numbers; // personnel number -> person; made when it is first asked

  constructor(people) {
    this.#people = [...people];
    this.#texts = new Array(this.#people.length);
    this.ready = new Promise((resolve) => this.#slice(resolve));
  }

  // Up to 50, those first whose surname begins with the first word; `byTicket` finds a whole code too.
  find(query, byTicket = new Map()) {
    const typed = query.trim();
    let found = this.#matching(fold(typed));
    // "СН" are initials, as "С Н" and "С.Н." are; but "КИМ" is somebody's name.
    if (!found.length && INITIALS.test(typed)) found = this.#matching(fold([...typed].join(" ")));
    const holder = byTicket.get(ticketCode(typed));
    return holder && !found.includes(holder) ? [holder, ...found] : found;
  }

  // Whoever has this personnel number.
  byNumber(typed) {
    this.#numbers ??= new Map(this.#people.filter((one) => one.number).map((one) => [numeral(one.number), one]));
    return this.#numbers.get(numeral(typed));
  }

  #matching(words) {
    if (!words) return [];
    const needles = words.split(" ").map((word) => ` ${word}`);
    const [surnames, others] = [[], []];
    for (let at = 0; at < this.#people.length && surnames.length < MOST; at += 1) {
      const text = this.#texts[at] ?? plain(this.#people[at]);
      if (!needles.every((needle) => text.includes(needle))) continue;
      (text.startsWith(needles[0]) ? surnames : others).push(this.#people[at]);
    }
    return [...surnames, ...others].slice(0, MOST);
  }

  #slice(resolve) {
    const end = Math.min(this.#done + SLICE, this.#people.length);
    for (; this.#done < end; this.#done += 1) this.#texts[this.#done] = textOf(this.#people[this.#done]);
    if (this.#done < this.#people.length) later(() => this.#slice(resolve));
    else resolve(this);
  }
}

const numeral = (typed) => fold(typed).replaceAll(" ", "");

const namesOf = (person) => [person.surname, person.given_name, person.patronymic, person.number].filter(Boolean);

const textOf = (person) => ` ${fold(namesOf(person).join(" "))}`;

const plain = (person) => ` ${namesOf(person).join(" ").toLowerCase()}`;

// One form for all spellings of a name, and tickets as people type them: the same as app/people/names.py: fold and
// app/attendance/tickets.py: ticket_code. The tests compare both over names and over all of Unicode. Pure.

const LETTERS =
  "а=a ә=a б=b в=v г=g ғ=g д=d е=e ё=e ж=zh з=z и=i й=i к=k қ=k л=l м=m н=n ң=n о=o ө=o п=p р=r с=s т=t у=u ұ=u";
const MORE_LETTERS =
  "ү=u ф=f х=h һ=h ц=ts ч=ch ш=sh щ=sh ъ= ы=i і=i ь= э=e ю=iu я=ia ş=sh ç=ch ı=i ŋ=n";
const LATIN = new Map(`${LETTERS} ${MORE_LETTERS}`.split(" ").map((pair) => pair.split("=")));
const SPELLINGS = new Map([["q", "k"], ["w", "v"], ["x", "ks"], ["j", "zh"], ["y", "i"]]);
const OTHER = /[^\p{L}\p{N}]/gu;
const DIGITS = /^[0-9]+$/;
const APOSTROPHES = "'’`";
const CHEROKEE = /[\u13f8-\u13fd\uab70-\uabbf]/; // the one script whose common form is the capital
const folded = new Map(); // word -> its form; names repeat
const joined = new Map(); // mark -> whether it belongs to the letter before it
const LOOK_ALIKES = new Map([..."ВСНКМРТХЗ"].map((letter, index) => [letter, "BCHKMPTX3"[index]]));
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const LONGEST = 40;

// fold("Сейітқали Нұрлан") === fold("Seitkali, Nurlan") === "seitkali nurlan"
export function fold(text) {
  const plain = text.normalize("NFC").toLowerCase().replace(OTHER, kept);
  return plain.split(" ").map(foldedWord).filter(Boolean).join(" ");
}

// The code as it is stored; what can't be one comes back cleaned all the same, and is not found.
export function ticketCode(typed) {
  const lastPart = typed.replace(AROUND, "").replace(/\/+$/, "").split("/").at(-1);
  const letters = [...lastPart.toUpperCase()].map((letter) => LOOK_ALIKES.get(letter) ?? letter);
  return letters.filter((letter) => !letter.match(OTHER)).slice(0, LONGEST).join("");
}

function kept(letter) {
  if (APOSTROPHES.includes(letter)) return "";
  return isJoined(letter) ? letter : " ";
}

// Whether this mark combines with the letter before it (a canonical combining class, which JavaScript doesn't tell):
// such a mark changes places with the first or the last of all marks, and nothing else does.
function isJoined(mark) {
  if (!/\p{M}/u.test(mark)) return false;
  if (!joined.has(mark)) {
    const [first, last] = ["\u0334", "\u0345"];
    const isWhole = mark.normalize("NFD") === mark; // what is still composed after NFC stays by itself
    const moves = [`a${mark}${first}`, `a${last}${mark}`].some((text) => text.normalize("NFD") !== text);
    joined.set(mark, isWhole && moves);
  }
  return joined.get(mark);
}

function foldedWord(word) {
  if (!word || DIGITS.test(word)) return word;
  if (!folded.has(word)) folded.set(word, sounded(word));
  return folded.get(word);
}

function sounded(word) {
  const latin = mapped(word, LATIN).normalize("NFKD");
  const plain = [...latin].map(commonForm).join("").replace(OTHER, "");
  const spelled = mapped(mapped(plain, LATIN).replaceAll("ye", "e").replaceAll("yo", "e"), SPELLINGS);
  let sounds = spelled.replace(/c(?!h)/g, "k");
  for (let shorter = oneSpelling(sounds); shorter !== sounds; shorter = oneSpelling(sounds)) sounds = shorter;
  return sounds;
}

// Two letters of one sound become one; repeated by the caller, so that folding twice changes nothing.
function oneSpelling(sounds) {
  const once = sounds.replace(/([a-z])\1/g, "$1").replace(/sh?ch/g, "sh");
  return once.replaceAll("kh", "h").replaceAll("gh", "g").replaceAll("ph", "f");
}

function mapped(text, letters) {
  let found = "";
  for (const letter of text) found += letters.get(letter) ?? letter;
  return found;
}

// What Python calls casefold, letter by letter.
function commonForm(letter) {
  if (CHEROKEE.test(letter)) return letter.toUpperCase();
  if (/[\u13a0-\u13f5]/.test(letter)) return letter;
  return letter.toLowerCase().toUpperCase().toLowerCase();
}

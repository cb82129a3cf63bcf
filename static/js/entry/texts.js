/* Texts of fields, compared and cut. */

/* Whether two texts of a field are one, as the server judges it. */
export const same = (text, other) =>
  (text ?? "").replace(/\s+/g, "") === (other ?? "").replace(/\s+/g, "");

/* Without diacritics and capitals: Điện Biên → dien bien. */
export const folded = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[đðɖ]/g, "d");

export const shortened = (text, most) => (text.length > most ? `${text.slice(0, most)}…` : text);

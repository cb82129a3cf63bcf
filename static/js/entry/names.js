/* Names of fields: how pages, drafts and the server call one field. The twin of `FieldName` in
   reports/field_names.py; tests/data/field_names.json holds examples for both. */

const UID = /^[A-Za-z0-9_-]{1,36}$/;
const PART = /^[A-Za-z0-9_-]+$/;
const CODE = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/* A name taken apart, its kind first; null when it names no field:

     figure     {code, table, column}        direction.radio_broadcasts
     cell       {code, table, column, uid}   staff.headcount@u1
     row        {table, uid}                 staff@u1
     text       {item}                       text:II.1, the clerk's own text of an outline item
     placement  {item}                       placement:II.1, where that text stands
     note       {indicator}                  note:r1_1
     frame      {column}                     symbol
     paper      {}                           paper, the frame as a whole
     delete     {table, uid}                 delete:staff@u1, a row to remove
     base       {of}                         base:symbol, the text a change was made from            */
export function parse(name) {
  const [prefix, rest] = cut(name, ":");
  if (rest !== undefined) return parsePrefixed(prefix, rest);
  const [code, uid] = cut(name, "@");
  if (uid !== undefined && !UID.test(uid)) return null;
  if (code === "paper" && uid === undefined) return { kind: "paper" };
  return parseCode(code, uid);
}

/* The same as it is written. */
export function print(field) {
  if (field.kind === "figure") return field.code;
  if (field.kind === "cell") return `${field.code}@${field.uid}`;
  if (field.kind === "row") return row(field.table, field.uid);
  if (field.kind === "delete") return deletion(row(field.table, field.uid));
  if (field.kind === "frame") return field.column;
  if (field.kind === "paper") return field.kind;
  return `${field.kind}:${field.item ?? field.indicator ?? field.of}`;
}

export const row = (table, uid) => `${table}@${uid}`;
export const text = (item) => `text:${item}`;
/* How the removal of a row is posted. */
export const deletion = (rowName) => `delete:${rowName}`;
/* How the text that a change of a field was made from is posted. */
export const base = (name) => `base:${name}`;

/* What stands before and after a mark; after it undefined where there is none. */
function cut(name, mark) {
  const at = name.indexOf(mark);
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

function parsePrefixed(kind, rest) {
  if (kind === "text" || kind === "placement") return CODE.test(rest) ? { kind, item: rest } : null;
  if (kind === "note") return CODE.test(rest) ? { kind, indicator: rest } : null;
  const of = parse(rest);
  if (!of || of.kind === "delete" || of.kind === "base") return null;
  if (kind === "base") return { kind, of: rest };
  return kind === "delete" && of.kind === "row" ? { ...of, kind } : null;
}

function parseCode(code, uid) {
  const [table, column] = cut(code, ".");
  if (!PART.test(table)) return null;
  if (column === undefined)
    return uid === undefined ? { kind: "frame", column: table } : { kind: "row", table, uid };
  if (!CODE.test(column)) return null;
  const figure = { code, table, column };
  return uid === undefined ? { kind: "figure", ...figure } : { kind: "cell", ...figure, uid };
}

// The model's card, which lies as JSON in the metadata of the ONNX file. ONNX files are
// Protocol Buffers messages: fields of a number and a type, one after the other.

const METADATA = 14; // ModelProto.metadata_props, of StringStringEntryProto
const [KEY, VALUE] = [1, 2];
const CARD = "mimika_card"; // `mimika.core.card.CARD_KEY`

/** The card in the bytes of an ONNX file; throws where there is none. */
export function readCard(bytes) {
  for (const { number, value } of fields(bytes)) {
    if (number !== METADATA) continue;
    const entry = new Map(Array.from(fields(value), (part) => [part.number, part.value]));
    if (text(entry.get(KEY)) === CARD) return JSON.parse(text(entry.get(VALUE)));
  }
  throw new Error("the model has no card: export it with 'mimika export'");
}

function* fields(bytes) {
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = varint(reader);
    const kind = tag % 8;
    const length = kind === 0 ? (varint(reader), 0) : lengthOf(kind, reader);
    const value = bytes.subarray(reader.at, reader.at + length);
    reader.at += length;
    yield { number: Math.floor(tag / 8), value };
  }
}

function lengthOf(kind, reader) {
  if (kind === 1) return 8;
  if (kind === 5) return 4;
  if (kind === 2) return varint(reader);
  throw new Error(`not an ONNX file: a field of type ${kind}; load the page again`);
}

// A number in groups of 7 bits, the lowest first; as a float, so none is cut off.
function varint(reader) {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = reader.bytes[reader.at++];
    value += (byte % 128) * factor;
    if (byte === undefined || byte < 128) return value;
  }
}

function text(bytes) {
  return new TextDecoder().decode(bytes);
}

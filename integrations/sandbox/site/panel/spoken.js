/** What a model said, read out of the bytes the site got: a stream of events, or one JSON answer. */

/** The words so far; "" when these bytes are no model's answer. */
export function spoken(text) {
  const frames = text.split("\n").filter((line) => line.startsWith("data:"));
  const parts = frames.length ? frames.map((line) => line.slice("data:".length)) : [text];
  return parts.map((part) => wordsOf(readJson(part))).join("");
}

function wordsOf(answer) {
  const choice = answer?.choices?.[0];
  const words = choice?.delta?.content ?? choice?.message?.content ?? answer?.content;
  return typeof words === "string" ? words : "";
}

/** The last frame may have come by half. */
function readJson(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The server's own sentences, which are in English, as phrases of the page: notes about replies, and refusals. */

const KNOWN = [
  "Only {read} of the text's {whole} pieces were read: the model's limit.",
  "Only the last {read} of the message's {whole} pieces were read: the model's limit.",
  "The model has never seen the character {characters}: its meaning is lost.",
  "The model has never seen {count} of the characters, {characters}: their meaning is lost.",
  "The text has {length} characters, but this server takes at most {most}: send it in parts.",
  "The text is empty: there is nothing to answer.",
  "The answer was not complete within {seconds} seconds, the limit of this server.",
  "The server made a mistake, which is noted in its log.",
  "The server is shutting down and takes no more texts.",
  "{option} is {value}, but this server allows at most {most}.",
];
const PATTERNS = KNOWN.map((phrase) => {
  const words = phrase.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+?)");
  return [phrase, new RegExp(`^${words}(?: |$)`, "u")];
});

/**
 * Return sentences as phrases with their values, for `put`. What is not known is one phrase, as it is.
 *
 * @param {string} sentences Sentences with spaces between them; may be empty.
 * @returns {{phrase: string, values: Object<string, string>}[]}
 */
export function phrasesOf(sentences) {
  const found = [];
  let rest = sentences;
  while (rest) {
    const known = PATTERNS.map(([phrase, pattern]) => [phrase, pattern.exec(rest)]).find(([, match]) => match);
    if (!known) {
      found.push({ phrase: "{reason}", values: { reason: rest } });
      break;
    }
    const [phrase, match] = known;
    found.push({ phrase, values: { ...match.groups } });
    rest = rest.slice(match[0].length);
  }
  return found;
}

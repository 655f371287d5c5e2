/**
 * The phrases of the page, in English and Chinese.
 *
 * A phrase is looked up by its English text, in which `{name}` stands for a value. Elements remember their phrase, so
 * that the language can change while the page is in use.
 */

const CHINESE = {
  // Loading
  "Loading the model: {percent} of {size}": "正在加载模型：{size} 的 {percent}",
  "Starting the model": "正在启动模型",
  "The model could not be loaded. {reason}": "模型无法加载。{reason}",
  "Check the connection and reload the page.": "请检查网络连接，然后重新加载页面。",
  "This browser cannot run the model. Use a current version of Firefox, Chrome, Edge or Safari.":
    "此浏览器无法运行模型。请使用 Firefox、Chrome、Edge 或 Safari 的最新版本。",
  "{file} could not be fetched: the server answered {status}.": "无法获取 {file}：服务器返回 {status}。",
  "{file} could not be fetched, or is not the file that belongs to this page.": "无法获取 {file}，或者它不是本页面的文件。",
  "The model runs on this device. Nothing that you type leaves it.": "模型在本设备上运行，您输入的内容不会离开本设备。",
  "The model runs on this device, also without a connection. Nothing that you type leaves it.":
    "模型在本设备上运行，离线时也可使用。您输入的内容不会离开本设备。",
  // Faults of the engine
  "The text could not be computed: it may be too long for this device's memory.":
    "无法处理该文本：它可能超出了本设备的内存。",
  "The network's scores are not numbers (NaN): its weights are broken, export the model again.":
    "网络的得分不是数字（NaN）：权重已损坏，请重新导出模型。",
  // Titles
  "Translation from {source} to {target}": "{source}到{target}翻译",
  Translation: "翻译",
  Summarization: "摘要",
  Dialogue: "对话",
  "Text generation": "文本生成",
  "Reply in a conversation": "在对话中回复",
  "Write text, from a prompt or from scratch": "根据开头续写文本，或从头生成",
  "Summarize documents and conversations in a few sentences": "用几句话概括文档和对话",
  "Translate sentences from one language into another": "将句子从一种语言译成另一种语言",
  // Sources and outputs
  "Text to translate": "待译文本",
  "Text to translate ({language})": "待译文本（{language}）",
  "Text to summarize": "待摘要文本",
  Input: "输入",
  Output: "输出",
  Summary: "摘要",
  "Translation ({language})": "译文（{language}）",
  Translate: "翻译",
  Summarize: "生成摘要",
  Run: "运行",
  Stop: "停止",
  Copy: "复制",
  Copied: "已复制",
  "Select the text": "请手动选择",
  "Try:": "试试：",
  "Each line is translated on its own. Ctrl+Enter translates.": "每行单独翻译。按 Ctrl+Enter 翻译。",
  "Each line is an input of its own. Ctrl+Enter runs.": "每行是一个单独的输入。按 Ctrl+Enter 运行。",
  "Ctrl+Enter summarizes.": "按 Ctrl+Enter 生成摘要。",
  "Ctrl+Enter writes.": "按 Ctrl+Enter 生成。",
  Working: "正在计算",
  "Done in {time}.": "用时 {time}。",
  "Stopped.": "已停止。",
  "Type a text first.": "请先输入文本。",
  "(empty)": "（空）",
  "The text was too long: only its first {count} pieces were read.": "文本过长：仅读取了前 {count} 个词片。",
  Alternatives: "其他结果",
  "Log probability per piece: the nearer to 0, the more certain the model is.": "每个词片的对数概率：越接近 0，模型越有把握。",
  // Attention
  "Which source words the output attended to": "输出关注了源文本的哪些词",
  "Which words the reply attended to": "回复关注了哪些词",
  "Point at a word of the output, tap it, or focus the output and use the arrow keys: the stronger the colour of a source piece, the more this word attended to it.":
    "将鼠标移到输出中的词上、点按该词，或将焦点移到输出并使用方向键：源文本词片的颜色越深，该词对它的关注越多。",
  "Point at a word of a reply, tap it, or focus a reply and use the arrow keys: the stronger the colour of a piece of the conversation, the more this word attended to it.":
    "将鼠标移到回复中的词上、点按该词，或将焦点移到回复并使用方向键：对话中词片的颜色越深，该词对它的关注越多。",
  "Underlined words were copied from the source.": "带下划线的词复制自源文本。",
  "{word} attended to {list}": "{word} 关注 {list}",
  "The arrow keys choose a word.": "方向键选择词。",
  // Conversations
  You: "您",
  Model: "模型",
  "Your message": "您的消息",
  Send: "发送",
  "Enter sends, Shift+Enter starts a new line.": "Enter 发送，Shift+Enter 换行。",
  "New conversation": "新对话",
  "Another reply": "换一个回复",
  "The conversation is empty. Say something.": "对话为空。请说点什么。",
  Conversation: "对话",
  // Writing
  "Beginning of the text": "文本开头",
  Continue: "续写",
  Write: "生成",
  Text: "文本",
  "Leave it empty, and the model begins the text itself.": "留空则由模型自己开头。",
  // Options
  Options: "选项",
  Method: "方法",
  "Beam search": "束搜索",
  "Greedy search": "贪心搜索",
  Sampling: "采样",
  "Beam size": "束宽",
  "Number of outputs": "结果数",
  Temperature: "温度",
  "Top-k (0: all pieces)": "Top-k（0：全部词片）",
  "Seed (empty: new each time)": "随机种子（留空：每次不同）",
  "Most pieces (0: the model's limit)": "最多词片数（0：模型的上限）",
  "{name} must be a number from {least} to {most}.": "{name}必须是 {least} 到 {most} 之间的数。",
  "{name} must be a whole number from {least} to {most}.": "{name}必须是 {least} 到 {most} 之间的整数。",
};
const CATALOGUES = { en: {}, zh: CHINESE };
const CHOICE = "seq2seq.language";
const ATTRIBUTES = { text: "textContent", label: "aria-label", placeholder: "placeholder", title: "title" };

let language = "en";

/** Return the code of the interface's language, `en` or `zh`. */
export function currentLanguage() {
  return language;
}

/** Return the language that was chosen earlier, or else the first of the browser's languages that the page has. */
export function preferredLanguage() {
  const wanted = [stored(), ...(navigator.languages ?? [navigator.language])];
  const codes = wanted.map((tag) => String(tag ?? "").split("-")[0].toLowerCase());
  return codes.find((code) => code in CATALOGUES) ?? "en";
}

/** Change the language of the page. */
export function setLanguage(code, { remember = false } = {}) {
  language = code in CATALOGUES ? code : "en";
  document.documentElement.lang = language;
  if (remember) {
    try {
      localStorage.setItem(CHOICE, language);
    } catch {
      // A browser that stores nothing uses its own language the next time.
    }
  }
  for (const element of document.querySelectorAll("[data-phrases]")) {
    show(element);
  }
}

function stored() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

/**
 * Return a phrase in the current language.
 *
 * @param {string} phrase The English phrase.
 * @param {Object<string, string|number|Function>} values Values by name; a function returns the value in a language.
 */
export function say(phrase, values = {}) {
  const translated = CATALOGUES[language][phrase] ?? phrase;
  return translated.replace(/\{(\w+)\}/g, (place, name) => {
    const value = values[name];
    return value === undefined ? place : String(typeof value === "function" ? value(language) : value);
  });
}

const remembered = new WeakMap();

/**
 * Put a phrase into an element, now and whenever the language changes.
 *
 * @param {Element} element
 * @param {string} phrase The English phrase; an empty one removes the text.
 * @param {object} [values] See `say`.
 * @param {"text"|"label"|"placeholder"|"title"} [place] Where the phrase is shown.
 */
export function put(element, phrase, values = {}, place = "text") {
  const phrases = remembered.get(element) ?? {};
  phrases[place] = { phrase, values };
  remembered.set(element, phrases);
  element.dataset.phrases = "";
  show(element);
  return element;
}

function show(element) {
  for (const [place, { phrase, values }] of Object.entries(remembered.get(element) ?? {})) {
    const text = phrase && say(phrase, values);
    if (place === "text") {
      element.textContent = text;
    } else {
      element.setAttribute(ATTRIBUTES[place], text);
    }
  }
}

/** Return a function that names a language in the interface's language, such as `de` as "German". */
export function languageName(code) {
  return (interfaceLanguage) => {
    try {
      return new Intl.DisplayNames([interfaceLanguage], { type: "language" }).of(code) ?? code;
    } catch {
      return code;
    }
  };
}

/** Return a function that writes a duration, such as "48 ms", in the interface's language. */
export function duration(milliseconds) {
  const [value, unit, digits] =
    milliseconds < 1000 ? [milliseconds, "millisecond", 0] : [milliseconds / 1000, "second", 1];
  return (interfaceLanguage) =>
    new Intl.NumberFormat(interfaceLanguage, { style: "unit", unit, maximumFractionDigits: digits }).format(value);
}

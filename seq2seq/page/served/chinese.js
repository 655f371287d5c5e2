/** The phrases of a server's page in Chinese, by their English text. */

export const CHINESE = {
  // Faults
  "The connection to the server was lost. Check that it is running, and try again.":
    "与服务器的连接已断开。请确认服务器正在运行，然后重试。",
  "The server requires a key. Enter one at the top of the page, and try again.":
    "服务器需要密钥。请在页面顶部输入密钥，然后重试。",
  "The server does not accept this key. Enter another one at the top of the page, and try again.":
    "服务器不接受此密钥。请在页面顶部输入其他密钥，然后重试。",
  "The server no longer has this model. Reload the page.": "服务器上已没有此模型。请重新加载页面。",
  "The text is too long for this server. Shorten it, and try again.": "文本超出了服务器的长度限制。请缩短后重试。",
  "Too many requests. Wait {seconds} seconds, and try again.": "请求过于频繁。请等待 {seconds} 秒后重试。",
  "The server is busy. Wait {seconds} seconds, and try again.": "服务器繁忙。请等待 {seconds} 秒后重试。",
  "The answer took too long. Shorten the text, or lower the beam size, and try again.":
    "计算超时。请缩短文本或减小束宽，然后重试。",
  "The server failed ({status}). Try again, or check its log.": "服务器出错（{status}）。请重试，或查看服务器日志。",
  // Sentences of the server
  "Only {read} of the text's {whole} pieces were read: the model's limit.":
    "文本共 {whole} 个词片，仅读取了 {read} 个：这是模型的上限。",
  "Only the last {read} of the message's {whole} pieces were read: the model's limit.":
    "消息共 {whole} 个词片，仅读取了最后 {read} 个：这是模型的上限。",
  "The model has never seen the character {characters}: its meaning is lost.":
    "模型从未见过字符 {characters}，无法理解其含义。",
  "The model has never seen {count} of the characters, {characters}: their meaning is lost.":
    "模型从未见过其中 {count} 个字符（{characters}），无法理解其含义。",
  "The text has {length} characters, but this server takes at most {most}: send it in parts.":
    "文本有 {length} 个字符，超出了此服务器的上限 {most}。请分段发送。",
  "The text is empty: there is nothing to answer.": "文本为空，没有可回复的内容。",
  "The answer was not complete within {seconds} seconds, the limit of this server.":
    "未能在 {seconds} 秒内完成计算，这是此服务器的时限。",
  "The server made a mistake, which is noted in its log.": "服务器出错，详情见服务器日志。",
  "The server is shutting down and takes no more texts.": "服务器正在关闭，不再接受文本。",
  "{option} is {value}, but this server allows at most {most}.": "{option} 为 {value}，此服务器最多允许 {most}。",
  // The key
  "Key for this server": "服务器密钥",
  "Use this key": "使用此密钥",
  "The key is sent to this server only, and forgotten when you close the window.":
    "密钥只会发送到此服务器，关闭窗口后即被清除。",
  // Models
  "Loading the list of models": "正在加载模型列表",
  "{title} ({name})": "{title}（{name}）",
  "The model runs on the server at {host}. What you type is sent there and nowhere else.":
    "模型在服务器 {host} 上运行。您输入的内容只会发送到该服务器。",
  "Translate as you type": "输入时自动翻译",
  "Swap the languages": "交换语言",
  // History
  History: "历史记录",
  "The history is empty.": "暂无历史记录。",
  "The history stays in this browser and is not sent to the server. It holds up to 50 texts and conversations.":
    "历史记录只保存在此浏览器中，不会发送到服务器。最多保存 50 条文本和对话。",
  "Keep a history in this browser": "在此浏览器中保存历史记录",
  "Delete the history": "清空历史记录",
  Delete: "删除",
  "Delete “{text}”": "删除“{text}”",
};

/** The phrases of the offline page in Chinese, by their English text. */

export const CHINESE = {
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
  "The model runs on this device, even offline. Nothing that you type leaves it.":
    "模型在本设备上运行，离线时也可使用。您输入的内容不会离开本设备。",
  // Faults of the engine
  "The text could not be computed: it may be too long for this device's memory.":
    "无法处理该文本：它可能超出了本设备的内存。",
  "The network's scores are not numbers (NaN): its weights are broken, export the model again.":
    "网络的得分不是数字（NaN）：权重已损坏，请重新导出模型。",
};

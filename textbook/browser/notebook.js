// Copies the address of a page's notebook, for what opens notebooks from addresses.
import { announce, element } from "./dom.js";

export function equip(line) {
  const address = line.querySelector("a").href;
  const button = element("button", { type: "button" }, "copy address");
  button.onclick = async () => {
    const copied = await navigator.clipboard.writeText(address).then(() => true, () => false);
    button.textContent = copied ? "copied" : "not copied";
    announce(copied ? "The address of the notebook is copied." : `It is not copied. The address is ${address}`);
    setTimeout(() => { button.textContent = "copy address"; }, 2000);
  };
  line.append(button);
}

// Copies the address of a page's notebook, for what opens notebooks from addresses.
import { announce } from "./dom.js";

export async function copy(button) {
  const address = button.parentElement.querySelector("a").href;
  const copied = await navigator.clipboard.writeText(address).then(() => true, () => false);
  button.textContent = copied ? "copied" : "not copied";
  announce(copied ? "The address of the notebook is copied." : `It is not copied. The address is ${address}`);
  setTimeout(() => { button.textContent = "copy address"; }, 2000);
}

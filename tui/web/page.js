// Gives the keyboard to the chat, so that one can type without a click first.
window.addEventListener("load", () => {
  document.querySelector(".xterm-helper-textarea")?.focus();
});

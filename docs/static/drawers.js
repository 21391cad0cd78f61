// In a narrow window furo's two menus are opened by labels of boxes that are not shown, by a mouse
// alone. conf.py makes buttons of these labels; here they open, and close.

const boxes = document.querySelectorAll(".sidebar-toggle");
const drawers = { __navigation: ".sidebar-drawer", __toc: ".toc-drawer" };
let opener = null;

const tell = () => {
  for (const button of document.querySelectorAll("button[data-opens]")) {
    button.ariaExpanded = document.getElementById(button.dataset.opens).checked;
  }
};
const close = () => {
  for (const box of boxes) box.checked = false;
  tell();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-opens]");
  if (button) {
    opener = button;
    document.getElementById(button.dataset.opens).checked = true;
    document.querySelector(drawers[button.dataset.opens]).querySelector("a").focus();
    tell();
  } else if (event.target.closest(".toc-drawer a")) {
    close();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && [...boxes].some((box) => box.checked)) {
    close();
    opener?.focus();
  }
});
for (const box of boxes) box.addEventListener("change", tell);
tell();

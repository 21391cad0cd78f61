/* The body, to fold. */
document.getElementById("body").replaceChildren(block({ text: DATA.body }, true));

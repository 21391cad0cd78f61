/* The record, to fold. */
document.getElementById("record").replaceChildren(block({ text: DATA.text, links: DATA.links }, true));

"use strict";
// What a browser with scripts adds to the form: keys, one sending for many clicks, and a draft that survives a reload.

const form = document.getElementById("ocena");
const comment = form.elements.comment;
const draft = "draft " + location.pathname;

function choose(key) {
  const name = { a: "1", b: "2" }[key] || key;
  const choice = form.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (choice) {
    choice.checked = true;
    choice.focus();
    keep();
  }
  return Boolean(choice);
}

function keep() {
  const draftOf = { choice: form.elements.choice.value, comment: comment.value, seen: form.elements.seen.value };
  sessionStorage.setItem(draft, JSON.stringify(draftOf));
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(draft) || "null");
  if (!kept || kept.seen !== form.elements.seen.value) return;
  comment.value = kept.comment;
  if (kept.choice) form.elements.choice.value = kept.choice;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return;
  if (event.target === comment) {
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.repeat) return;
  const key = event.key.toLowerCase();
  if (key === "k") {
    event.preventDefault();
    comment.focus();
  } else if (key === "enter" && !event.target.closest("a, button, input")) {
    form.requestSubmit();
  } else if (choose(key)) {
    event.preventDefault();
  }
});

form.addEventListener("input", keep);
form.addEventListener("submit", (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // taken from memory by "back": it does not know the vote
});
if (!document.querySelector("[role=alert]")) bringBack();

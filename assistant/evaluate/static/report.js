// The filters over the questions, and each passage's text where a question is opened. Without it the page is whole,
// only longer: all texts stand at its end.
"use strict";

const form = document.querySelector(".filters");
const questions = [...document.querySelectorAll(".question")];

function fits(question, chosen) {
  if (chosen.outcome && question.dataset.outcome !== chosen.outcome) return false;
  if (chosen.pair && question.dataset.pair !== chosen.pair) return false;
  if (chosen.tag && !question.dataset.tags.split("|").includes(chosen.tag)) return false;
  return chosen.words.every((word) => question.firstElementChild.textContent.toLowerCase().includes(word)
    || question.id.toLowerCase() === "q-" + word);
}

function filter() {
  const chosen = Object.fromEntries(new FormData(form));
  chosen.words = form.querySelector("#words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const question of questions) {
    question.hidden = !fits(question, chosen);
    shown += !question.hidden;
  }
  form.querySelector("output").textContent = `${shown} of ${questions.length}`;
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of document.querySelectorAll("a[data-outcome]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.elements.outcome.value = link.dataset.outcome;
      filter();
    });
  }
  filter();
}

function fill(question) {
  for (const item of question.querySelectorAll("li[data-passage]")) {
    const text = document.querySelector(`#p-${item.dataset.passage} > p:last-child`);
    if (text && !item.querySelector("p")) item.append(text.cloneNode(true));
  }
}

for (const question of questions) {
  if (question.open) fill(question);
  question.addEventListener("toggle", () => fill(question));
}

// A link to one question, #q-…, opens it.
function openLinked() {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted && wanted.matches("details")) wanted.open = true;
}
addEventListener("hashchange", openLinked);
openLinked();

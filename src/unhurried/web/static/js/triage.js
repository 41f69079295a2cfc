// Keys for the shortlist. Every choice is also a plain form or link on the page.
const people = [...document.querySelectorAll("[data-candidate]")];
let at = people.findIndex((each) => "#" + each.id === location.hash);

const within = (choice) =>
  (people[at] ?? people[0])?.querySelector(`[data-choose="${choice}"]`);

function go(step) {
  at = Math.max(0, Math.min(people.length - 1, at + step));
  people[at]?.focus();
  people[at]?.scrollIntoView({ block: "nearest" });
}

function unfold(choice) {
  const part = within(choice);
  if (!part) return;
  part.open = true;
  part.querySelector("select")?.focus();
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  i: () => within("invite")?.click(),
  d: () => within("discuss")?.click(),
  n: () => unfold("not_now"),
  s: () => unfold("not_suitable"),
  x: () => (people[at] ?? people[0])?.querySelector("input[type=checkbox]")?.click(),
  u: () => document.querySelector('[data-choose="undo"]')?.click(),
  "?": () => {
    if (help) help.open = !help.open;
  },
};

// The words about keys are there only when the keys are.
const help = document.querySelector("[data-keys]");
if (help) help.hidden = false;

// Whoever moves by tab or pointer stays the one the keys act on.
people.forEach((each, place) => each.addEventListener("focusin", () => { at = place; }));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = event.target;
  if (target.isContentEditable || target.closest("input:not([type=checkbox]), textarea, select")) return;
  // A choice needs someone to have been gone to: a stray key decides nothing.
  if ("id".includes(event.key) && at < 0) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

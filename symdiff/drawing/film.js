// The film: one frame at a time, the arrow keys go to the next and to the one before.
"use strict";
const frames = [...document.querySelectorAll(".frame")], place = document.getElementById("place");
let at = 0;

function show(number) {
  at = Math.min(frames.length - 1, Math.max(0, number));
  frames.forEach((frame, index) => { frame.hidden = index !== at; });
  place.textContent = `${at + 1} of ${frames.length}`;
  document.getElementById("before").disabled = at === 0;
  document.getElementById("next").disabled = at === frames.length - 1;
}

document.addEventListener("keydown", event => {
  const ways = {ArrowRight: at + 1, ArrowDown: at + 1, " ": at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: frames.length - 1};
  if (event.key in ways) {
    event.preventDefault();
    show(ways[event.key]);
  }
});
document.getElementById("before").addEventListener("click", () => show(at - 1));
document.getElementById("next").addEventListener("click", () => show(at + 1));
show(0);

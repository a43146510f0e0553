// For browsers that cannot read the page's modules at all: a sentence instead of a page that waits for ever. No syntax
// that is younger than such a browser. `main.js` says that it runs by the attribute data-alive.
(function () {
  "use strict";
  var words = {
    en: "Please use a current version of Chrome, Safari, Firefox or Edge, or update this app.",
    th: "โปรดใช้ Chrome, Safari, Firefox หรือ Edge รุ่นปัจจุบัน หรืออัปเดตแอปนี้",
    zh: "请使用最新版 Chrome、Safari、Firefox 或 Edge，或更新此应用。",
    ja: "最新の Chrome、Safari、Firefox、Edge を使うか、アプリを更新してください。",
    id: "Gunakan versi terbaru Chrome, Safari, Firefox, atau Edge, atau perbarui aplikasi ini."
  };
  window.addEventListener("load", function () {
    var main = document.getElementById("capture");
    if (main.getAttribute("data-alive")) return;
    var asked = /[?&]lang=(\w\w)/.exec(location.search);
    var language = (asked ? asked[1] : navigator.language || "en").slice(0, 2);
    var place = main.querySelector("[data-word=loading]");
    place.textContent = words[language] || words.en;
    place.setAttribute("lang", words[language] ? language : "en");
    main.querySelector(".spinner").style.display = "none";
    main.setAttribute("data-step", "trouble");
    main.setAttribute("data-trouble", "old_browser");
  });
})();
